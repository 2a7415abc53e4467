/** Prints the table of claims, writes it into the README, or checks the one that stands there. */
import { DRILLS } from "../components/drills/catalogue/index.ts";
import { claimsTable } from "../components/drills/claims.ts";
import { CLAIMS_BESIDE, CLAIMS_OPEN } from "../components/drills/claims-beside.ts";
import { EXERCISE_CLAIMS } from "../components/practice/claims.ts";
import { runSectionProgram } from "./lib/section-program.ts";

runSectionProgram({
  name: "claims-reference",
  description: "What study notes claim, and drills and exercises show, as a Markdown table",
  sections: [
    {
      name: "claims",
      what: "table of claims",
      source: "the drills, the exercises and the lab make",
      command: "node scripts/claims-reference.ts --write",
      text: () => claimsTable([...DRILLS, ...EXERCISE_CLAIMS], CLAIMS_BESIDE, CLAIMS_OPEN),
    },
  ],
});
