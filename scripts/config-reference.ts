/** Prints the reference of all settings, writes it into the README, or checks the one that stands there. */
import { configReference, settingsJsonSchema } from "../stacks/config/reference.ts";
import { runSectionProgram } from "./lib/section-program.ts";

runSectionProgram({
  name: "config-reference",
  description: "The reference of all settings in Markdown, made from their schema",
  sections: [
    {
      name: "config",
      what: "configuration reference",
      source: "the schema makes",
      command: "node scripts/config-reference.ts --write",
      text: configReference,
    },
  ],
  other: {
    flag: "--json-schema",
    says: "print the JSON Schema of the settings instead",
    text: () => JSON.stringify(settingsJsonSchema(), null, 2),
  },
});
