/** Prints the table of claims, writes it into the README, or checks the one that stands there. */
import { Command } from "commander";
import { DRILLS } from "../components/drills/catalogue/index.ts";
import { claimsTable } from "../components/drills/claims.ts";
import { UserError } from "../components/errors.ts";
import { checkSection, type MarkedSection, writeSection } from "./lib/marked-section.ts";

const SECTION: MarkedSection = {
  name: "claims",
  what: "table of claims",
  source: "the drills make",
  command: "node scripts/claims-reference.ts --write",
  text: () => claimsTable(DRILLS),
};

const program = new Command("claims-reference")
  .description("What study notes claim and the drills show, as a Markdown table")
  .option("--check <file>", "fail when the table in it is another")
  .option("--write <file>", "replace the table in it")
  .action(({ check, write }: { check?: string; write?: string }) => {
    if (check !== undefined) checkSection(check, SECTION);
    else if (write !== undefined) writeSection(write, SECTION);
    else process.stdout.write(`${claimsTable(DRILLS)}\n`);
  });

try {
  program.parse();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const expected = error instanceof UserError || "code" in error;
  process.stderr.write(`${expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
