/** Prints the table of claims, writes it into the README, or checks the one that stands there. */
import { Command } from "commander";
import { DRILLS } from "../components/drills/catalogue/index.ts";
import { claimsTable } from "../components/drills/claims.ts";
import { CLAIMS_BESIDE, CLAIMS_OPEN } from "../components/drills/claims-beside.ts";
import { UserError } from "../components/errors.ts";
import { EXERCISE_CLAIMS } from "../components/practice/claims.ts";
import { checkSection, type MarkedSection, writeSection } from "./lib/marked-section.ts";

const text = () => claimsTable([...DRILLS, ...EXERCISE_CLAIMS], CLAIMS_BESIDE, CLAIMS_OPEN);

const SECTION: MarkedSection = {
  name: "claims",
  what: "table of claims",
  source: "the drills, the exercises and the lab make",
  command: "node scripts/claims-reference.ts --write",
  text,
};

const program = new Command("claims-reference")
  .description("What study notes claim, and drills and exercises show, as a Markdown table")
  .option("--check <file>", "fail when the table in it is another")
  .option("--write <file>", "replace the table in it")
  .action(({ check, write }: { check?: string; write?: string }) => {
    if (check !== undefined) checkSection(check, SECTION);
    else if (write !== undefined) writeSection(write, SECTION);
    else process.stdout.write(`${text()}\n`);
  });

try {
  program.parse();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const expected = error instanceof UserError || "code" in error;
  process.stderr.write(`${expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
