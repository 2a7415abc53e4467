import { awsEnding } from "./aws-ending.ts";
import { hostsEnding } from "./hosts-ending.ts";
import type { Report } from "./report.ts";
import type { StackState } from "./state.ts";

/** What the end of a lab takes besides Pulumi's destroying it, by whoever provided its nodes. */
export interface Ending {
  /** Whether the configuration asks for nodes of this kind. */
  readonly configured: boolean;
  /** Whether Pulumi may say nothing for minutes while it destroys. */
  readonly slow: boolean;
  /** Before anything is changed. Throws a UserError where the lab must not go, or could not go whole. */
  prepare(say: Report): Promise<void>;
  /** Takes back without Pulumi what Pulumi was to, once it could not. */
  release(say: Report): Promise<void>;
  /**
   * Makes sure that nothing remains, and says so in a sentence for each place. A UserError lists what remains and how it is
   * removed. `destroyed`: whether Pulumi destroyed what it had on record.
   */
  confirm(destroyed: boolean, say: Report): Promise<readonly string[]>;
}

/** The state of a stack as far as it could be read. */
export type SeenState = StackState | "unreadable" | undefined;

/** The endings of a lab whose nodes are, or were, elsewhere than on this machine: by its record and its configuration. */
export const endingsOf = (stack: string, state: SeenState): Ending[] =>
  [hostsEnding(stack, state), awsEnding(stack, state)].filter((each) => each !== undefined);

/**
 * Whether a lab cannot go without an engine on this machine: it has containers there, or nobody knows that it has none. What
 * an engine that answers has of it by its label goes in any case.
 */
export function engineNeeded(endings: readonly Ending[], state: SeenState): boolean {
  if (!endings.some(({ configured }) => configured)) return true;
  if (state === undefined || state === "unreadable") return false;
  return state.resources.some(({ type }) => type === "docker:index/container:Container");
}
