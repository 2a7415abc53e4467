import type { Problem } from "../errors.ts";
import { awsProblem } from "./aws/refusal-problem.ts";

/** Whose errors are known in plain words: what tells that an error is theirs, and their sentences. */
const KNOWN: readonly {
  readonly theirs: RegExp;
  readonly problem: (text: string) => Problem | undefined;
}[] = [{ theirs: /\baws:[\w:]/, problem: awsProblem }];

/**
 * An error of a resource in words for the person whose lab it is; undefined where it is best told as it is. Others say
 * such things too ("no such host"), so only what is about a provider's own resource, by `urn` or by the text, is explained.
 */
export function explained(text: string, urn = ""): Problem | undefined {
  for (const { theirs, problem } of KNOWN) {
    const found = theirs.test(`${urn} ${text}`) ? problem(text) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
