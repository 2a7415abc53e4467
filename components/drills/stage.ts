import type { Difference } from "../backup/difference.ts";
import type { SwarmFingerprint } from "../backup/fingerprint.ts";
import type { Manifest } from "../backup/manifest.ts";
import type { NodeHandle } from "../nodes/types.ts";
import type { Captured } from "../process.ts";
import type { Step } from "./evidence.ts";

export type Phase = Step["phase"];

/** What a look may say: what was waited for, or why not yet. */
export type Look<T> = { readonly done: T } | { readonly waiting: string };

/** A container of a task, as its own node tells it. One that was not restarted has the same id and start. */
export interface TaskContainer {
  readonly node: string;
  readonly service: string;
  readonly id: string;
  readonly startedAt: string;
}

/** A backup that a drill made. */
export interface StagedBackup {
  readonly name: string;
  readonly manifest: Manifest;
}

export interface StagedRestore {
  readonly differences: readonly Difference[];
  readonly missingWorkers: readonly string[];
  readonly dataPlane: string | undefined;
}

/**
 * All that a drill does to a lab goes through its stage, which keeps it as evidence: each command with its node and
 * seconds, each fact by its name, each moment by its mark. A drill acts and keeps facts; judging is another function's.
 */
export interface Stage {
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
  /** A node's machine: stop and start its engine, take its power, freeze it, wipe its swarm directory. */
  stop(node: NodeHandle): Promise<void>;
  kill(node: NodeHandle): Promise<void>;
  start(node: NodeHandle): Promise<void>;
  wipe(node: NodeHandle): Promise<void>;
  /** A shell script on the disk of a node whose engine is off. */
  disk(node: NodeHandle, what: string, script: string): Promise<string>;
  /** What the engine of a node said last, for what it says before it dies. */
  engineLog(node: NodeHandle, lines: number): Promise<string>;
  fingerprint(): Promise<SwarmFingerprint>;
  containers(): Promise<TaskContainer[]>;
  /** SHA-256 of what each task of the application reads as its secret, by container id. */
  secretHashes(): Promise<Record<string, string>>;
  /** Starts a writer on every manager, and the watch over leader, replicas and requests; waits until all write. */
  startTraffic(): Promise<void>;
  /** Waits until this many more writes are acknowledged. */
  moreWrites(count: number, seconds: number): Promise<void>;
  /** Stops the writers and reads what is there through every manager. */
  endTraffic(): Promise<void>;
  backUp(options?: {
    hot?: boolean;
    registry?: boolean;
    volumes?: readonly string[];
    node?: string;
  }): Promise<StagedBackup>;
  restore(
    backup: StagedBackup,
    options?: { recreate?: readonly string[]; fence?: boolean },
  ): Promise<StagedRestore>;
  /** Waits until every node is Ready, the quorum whole and every service as wanted. */
  whole(deadline: number): Promise<void>;
}
