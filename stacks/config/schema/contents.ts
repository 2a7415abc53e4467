/** Secrets, configs and compose files: what comes out of a setting, a file or a generator. */
import { z } from "zod";
import { name, named, section, text, whole } from "./leaves.ts";

// Swarm allows 64 characters; the rest is for the kind of object and what tells its versions apart.
const objectName = name(40);

const value = z
  .string("a text; put numbers and true or false in quotes")
  .optional()
  .describe("The content itself");

const file = text("the path of a file")
  .optional()
  .describe("A file that holds it, relative to the project's folder");

const generate = section({
  length: whole(16, 256).default(32).describe("Characters"),
  version: whole(1, 1_000_000).default(1).describe("Raise it to have a new value made"),
})
  .optional()
  .describe("Have a random value made and kept in the stack's state, encrypted");

function exactlyOne(given: object, keys: readonly string[]): boolean {
  return keys.filter((key) => key in given).length === 1;
}

const secret = section({ value, file, generate }).refine(
  (given) => exactlyOne(given, ["value", "file", "generate"]),
  "exactly one of value, file and generate",
);

const config = section({ value, file }).refine(
  (given) => exactlyOne(given, ["value", "file"]),
  "exactly one of value and file",
);

export const secrets = named(objectName, secret, "secret names to their sources")
  .default({})
  .describe("Swarm secrets by name, each from one source, each under 512000 bytes");

export const configs = named(objectName, config, "config names to their sources")
  .default({})
  .describe("Swarm configs by name, each from one source, each under 1024000 bytes");

const composeStack = section({
  file: text("the path of a compose file").describe(
    "The compose file, relative to the project's folder",
  ),
});

export const composeStacks = named(name(), composeStack, "compose stack names to their files")
  .default({})
  .describe("Compose files deployed to the swarm, by stack name");
