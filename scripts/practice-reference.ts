/** Prints the table of exercises, writes it into the README, or checks the one that stands there. */
import { Command } from "commander";
import { UserError } from "../components/errors.ts";
import { EXERCISES } from "../components/practice/catalogue/index.ts";
import { exercisesTable } from "../components/practice/table.ts";
import { checkSection, type MarkedSection, writeSection } from "./lib/marked-section.ts";

const SECTION: MarkedSection = {
  name: "exercises",
  what: "table of exercises",
  source: "the exercises make",
  command: "node scripts/practice-reference.ts --write",
  text: () => exercisesTable(EXERCISES),
};

const program = new Command("practice-reference")
  .description("The exercises by the exam's domains, as a Markdown table")
  .option("--check <file>", "fail when the table in it is another")
  .option("--write <file>", "replace the table in it")
  .action(({ check, write }: { check?: string; write?: string }) => {
    if (check !== undefined) checkSection(check, SECTION);
    else if (write !== undefined) writeSection(write, SECTION);
    else process.stdout.write(`${SECTION.text()}\n`);
  });

try {
  program.parse();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const expected = error instanceof UserError || "code" in error;
  process.stderr.write(`${expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
