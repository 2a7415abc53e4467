import type { Difference } from "../backup/difference.ts";
import type { SwarmFingerprint } from "../backup/fingerprint.ts";
import type { Manifest } from "../backup/manifest.ts";
import type { SparePlace } from "../nodes/spare.ts";
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

/** An unlock key, without the key: it is kept with the drill's and the lab's unlock keys. */
export interface StagedKey {
  /** Its SHA-256. */
  readonly hash: string;
}

/** A backup started where nobody hears it. `refused`: why it did not start. `verified`: its checksums were right. */
export interface StagedRehearsal {
  readonly verified: boolean;
  readonly refused?: string;
  readonly differences: readonly Difference[];
  /** How far its machine could reach; not known of one that did not start. */
  readonly isolation?: {
    readonly network: string;
    readonly links: readonly string[];
    readonly reached: readonly string[];
  };
  readonly seconds: number;
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
  /**
   * `on`: a machine at the address of the backup's manager, which takes its place. `workers`: seconds they get to come back
   * (default 90). `overlay: false` does not wait for the overlay, where a worker is known not to come back.
   */
  restore(
    backup: StagedBackup,
    options?: {
      recreate?: readonly string[];
      fence?: boolean;
      on?: NodeHandle;
      workers?: number;
      overlay?: boolean;
      /** On another manager's machine, which answers at the backup's address meanwhile. */
      aliasAddress?: boolean;
    },
  ): Promise<StagedRestore>;
  /** Brings the content of one volume back from a backup. */
  restoreVolume(backup: StagedBackup, volume: string): Promise<void>;
  /** Puts the swarm directory of a backup on a node whose engine is off, and no more. */
  placeBackup(backup: StagedBackup, node: NodeHandle): Promise<void>;
  /**
   * Lets a node join the living swarm anew, as `wanted` has it: a manager as an empty one, a worker after it has left
   * whatever swarm it is in. Its former entry goes.
   */
  rejoin(node: NodeHandle, wanted: SwarmFingerprint["nodes"][number]): Promise<void>;
  /** A sentence once requests cross the overlay between all nodes. */
  overlay(): Promise<string>;
  /** A machine such as the node's, off, with an empty disk, and how to be rid of it. The end of the run removes it too. */
  newMachine(node: NodeHandle, suffix: string, place: SparePlace): Promise<NodeHandle>;
  removeMachine(spare: NodeHandle): Promise<void>;
  /** The output of a script on one node, whose engine may run, is the input of one on the disk of another, which is off. */
  carry(from: NodeHandle, read: string, to: NodeHandle, write: string): Promise<void>;
  /** Whether a machine runs. */
  isOn(node: NodeHandle): Promise<boolean>;
  /** How to log in to the lab's registry; undefined where the drill was not told. Never to be kept. */
  readonly registryLogin: { readonly username: string; readonly password: string } | undefined;
  rehearse(backup: StagedBackup): Promise<StagedRehearsal>;
  /** A copy of a backup with one bit of its Raft log turned, and checksums that fit. */
  damage(backup: StagedBackup): Promise<StagedBackup>;
  /** Names of containers and volumes that rehearsals of this lab left on its engine; empty when there are none. */
  leftovers(): Promise<string>;
  /** Switches autolock on or off; of a swarm that has it, keeps the unlock key. The swarm must have a quorum. */
  autolock(on: boolean): Promise<StagedKey | undefined>;
  /** Keeps the unlock key that the swarm has now; undefined without autolock. */
  currentKey(): Promise<StagedKey | undefined>;
  /** `docker swarm unlock` with a kept key, on standard input; code 124 when it did not end within `seconds`. */
  unlock(node: NodeHandle, key: StagedKey, seconds: number): Promise<Captured>;
  /** With which code the engine of a node ended last: 0 for a clean stop, 137 when it had to be killed. */
  exitCode(node: NodeHandle): Promise<number>;
  /** Waits until every node is Ready, the quorum whole and every service as wanted. */
  whole(deadline: number): Promise<void>;
}
