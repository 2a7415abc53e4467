/** Prints the reference of all settings, writes it into the README, or checks the one that stands there. */
import { Command } from "commander";
import { UserError } from "../components/errors.ts";
import { configReference, settingsJsonSchema } from "../stacks/config/reference.ts";
import { checkSection, type MarkedSection, writeSection } from "./lib/marked-section.ts";

const SECTION: MarkedSection = {
  name: "config",
  what: "configuration reference",
  source: "the schema makes",
  command: "node scripts/config-reference.ts --write",
  text: configReference,
};

interface Options {
  readonly check?: string;
  readonly write?: string;
  readonly jsonSchema?: boolean;
}

function run({ check, write, jsonSchema }: Options): void {
  if (check !== undefined) checkSection(check, SECTION);
  else if (write !== undefined) writeSection(write, SECTION);
  else {
    const output = jsonSchema ? JSON.stringify(settingsJsonSchema(), null, 2) : configReference();
    process.stdout.write(`${output}\n`);
  }
}

const program = new Command("config-reference")
  .description("The reference of all settings in Markdown, made from their schema")
  .option("--check <file>", "fail when the reference in it is another")
  .option("--write <file>", "replace the reference in it")
  .option("--json-schema", "print the JSON Schema of the settings instead")
  .action(run);

try {
  program.parse();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const expected = error instanceof UserError || "code" in error;
  process.stderr.write(`${expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
