import { z } from "zod";
import { named } from "./leaves.ts";

const KEY = /^[a-zA-Z0-9]([a-zA-Z0-9._/-]*[a-zA-Z0-9])?$/;
const RESERVED = ["swarm-lab.", "com.docker.", "io.docker.", "org.dockerproject.", "aws:"];

function keyNeed(key: string, kind: "node" | "any"): string | undefined {
  const reserved = RESERVED.find((prefix) => key.toLowerCase().startsWith(prefix));
  if (reserved) return `a label that does not begin with ${reserved}, which is reserved; rename it`;
  if (kind === "node" && key === "zone") {
    return "a label other than zone, which the lab sets itself; use the setting zones";
  }
  return KEY.test(key)
    ? undefined
    : "a label of letters, digits, dots, hyphens, underscores and slashes";
}

/** Labels and their texts. A node's labels may not set its zone. */
export function labelMap(kind: "node" | "any" = "any") {
  const key = z.string().check((given) => {
    const message = keyNeed(given.value, kind);
    if (message) given.issues.push({ code: "custom", message, input: given.value });
  });
  const value = z.string("a text; put numbers and true or false in quotes");
  return named(key, value, "labels to texts").meta({ title: "labels" });
}

/** Environment variables and their texts. */
export function environment() {
  const key = z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a variable name of letters, digits and underscores");
  const value = z.string("a text; put numbers and true or false in quotes");
  return named(key, value, "variables to texts").meta({ title: "variables" });
}
