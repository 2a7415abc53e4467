import type { Problem } from "../../errors.ts";
import { accountProblem } from "./account-problem.ts";
import { refusalIn } from "./error-text.ts";
import { REFUSALS } from "./refusals.ts";

/**
 * What AWS or Pulumi's provider for it says, in words for the person whose lab it is; undefined for what is not known, which
 * is best told as it is. Pure. The texts it knows come from reports of others: no account was at hand.
 */
export function awsProblem(text: string): Problem | undefined {
  const account = accountProblem(text);
  if (account !== undefined) return account;
  const refusal = refusalIn(text);
  return refusal && REFUSALS[refusal.code]?.(refusal);
}
