import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";

/** A container of a task, as its own node tells it. One that was not restarted has the same id and start. */
export interface TaskContainer {
  readonly node: string;
  readonly service: string;
  readonly id: string;
  readonly startedAt: string;
}

/** What the swarm and its nodes tell of themselves, and membership in it. */
export interface StageSwarm {
  fingerprint(): Promise<SwarmFingerprint>;
  containers(): Promise<TaskContainer[]>;
  /** SHA-256 of what each task of the application reads as its secret, by container id. */
  secretHashes(): Promise<Record<string, string>>;
  /**
   * Lets a node join the living swarm anew, as `wanted` has it: a manager as an empty one, a worker after it has left
   * whatever swarm it is in. Its former entry goes.
   */
  rejoin(node: NodeHandle, wanted: SwarmFingerprint["nodes"][number]): Promise<void>;
  /**
   * A sentence once requests cross the overlay between all workers, tasks of the lab's application asking each other; or
   * between other nodes, the tasks of a service of the drill's own.
   */
  overlay(own?: {
    readonly service: string;
    readonly nodes: readonly NodeHandle[];
  }): Promise<string>;
  /** Waits until every node is Ready, the quorum whole and every service as wanted. */
  whole(deadline: number): Promise<void>;
}
