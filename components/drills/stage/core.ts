import type { NodeHandle } from "../../nodes/types.ts";
import type { Captured } from "../../process.ts";
import type { Step } from "../evidence.ts";

export type Phase = Step["phase"];

/** What a look may say: what was waited for, or why not yet. */
export type Look<T> = { readonly done: T } | { readonly waiting: string };

/** The lab, its nodes, and what every drill does: run commands, wait, keep what it sees. */
export interface StageCore {
  readonly lab: string;
  readonly runId: string;
  readonly nodes: readonly NodeHandle[];
  readonly managers: readonly NodeHandle[];
  readonly workers: readonly NodeHandle[];
  /** What comes next belongs to this phase of the report. */
  phase(phase: Phase, what: string): void;
  /** Keeps something seen, as JSON. Never a secret. */
  fact(name: string, value: unknown): void;
  /** Keeps the moment under a name, once; returns it (milliseconds since 1970). */
  mark(name: string, at?: number): number;
  /** Runs a command on a node, whatever comes of it. `seconds` is its deadline (default 30). */
  try(
    node: NodeHandle,
    command: string,
    options?: { seconds?: number; stdin?: string },
  ): Promise<Captured>;
  /** The same, and it must succeed; its trimmed output. */
  on(
    node: NodeHandle,
    command: string,
    options?: { seconds?: number; stdin?: string },
  ): Promise<string>;
  /** A step that is more than one command; `typed` is what a person would have typed. */
  step<T>(node: NodeHandle | null, typed: string, work: () => Promise<T>): Promise<T>;
  /** Looks until it is done; fails with the last reason at the deadline in seconds. */
  until<T>(what: string, deadline: number, look: () => Promise<Look<T>>): Promise<T>;
  leader(): Promise<NodeHandle>;
  /**
   * Work for the end of the drill, also of one that fails: the last registered first, all of it once, whatever the others
   * come to. It has to do nothing where the drill has undone the thing itself. A drill whose clean-up fails has failed.
   */
  defer(what: string, work: () => Promise<unknown>): void;
}
