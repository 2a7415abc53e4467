/** Prints a random text of so many characters of the URL-safe base64 alphabet (6 bits each). The caller keeps it secret. */
import { randomBytes } from "node:crypto";
import { input, runStep } from "./lib/driver.ts";

export interface GenerateInput {
  readonly length: number;
  /** Another version is another value. */
  readonly version: number;
}

await runStep(async () => {
  const { length } = input<GenerateInput>("LAB_GENERATE");
  return { value: randomBytes(length).toString("base64url").slice(0, length) };
});
