/** Prints the reference of all settings, writes it into the README, or checks the one that stands there. */
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { UserError } from "../components/errors.ts";
import { configReference, settingsJsonSchema } from "../stacks/config/reference.ts";

const BEGIN = "<!-- config:begin -->";
const END = "<!-- config:end -->";

interface Options {
  readonly check?: string;
  readonly write?: string;
  readonly jsonSchema?: boolean;
}

/** The text with the reference between its marks, whatever stood there. */
function withReference(file: string, text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin === -1 || end === -1) {
    throw new UserError(
      `${file}: got no place for the reference, need ${BEGIN} and, after it, ${END}`,
    );
  }
  const before = text.slice(0, begin + BEGIN.length);
  return `${before}\n\n${configReference()}\n\n${text.slice(end)}`;
}

function run({ check, write, jsonSchema }: Options): void {
  if (check !== undefined) {
    const text = readFileSync(check, "utf8");
    if (withReference(check, text) === text) return;
    const need = "the one that the schema makes";
    throw new UserError(
      `${check}: got another configuration reference, need ${need}; run \`node scripts/config-reference.ts --write ${check}\``,
    );
  }
  if (write !== undefined) {
    writeFileSync(write, withReference(write, readFileSync(write, "utf8")));
    return;
  }
  const output = jsonSchema ? JSON.stringify(settingsJsonSchema(), null, 2) : configReference();
  process.stdout.write(`${output}\n`);
}

const program = new Command("config-reference")
  .description("The reference of all settings in Markdown, made from their schema")
  .option("--check <file>", `fail when the text between ${BEGIN} and ${END} is another`)
  .option("--write <file>", "replace the text between these marks")
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
