import type { Difference } from "../../components/backup/difference.ts";
import type { Manifest } from "../../components/backup/manifest.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { Report } from "../cli/report.ts";
import type { Decryption } from "./crypt.ts";
import type { BackupPlace } from "./place.ts";
import type { UnlockKeys } from "./unlock-keys.ts";

/** What to restore, and on which lab. */
export interface RestoreRequest {
  readonly lab: string;
  readonly nodes: readonly NodeHandle[];
  readonly place: BackupPlace;
  /** The backup's name in its place. */
  readonly name: string;
  readonly keys: UnlockKeys;
  readonly decryption: Decryption;
  /** Cluster id the lab is known to have; undefined when nobody knows it any more. */
  readonly clusterId: string | undefined;
  /** Stops the engines of managers that could still speak for the old swarm. */
  readonly fence: boolean;
  /**
   * Restores on another manager's machine than the one with the backup's address, which has to be off: it answers there as
   * well until other managers have joined, and ends with its own address only (`--alias-address`).
   */
  readonly aliasAddress?: boolean;
  /** Services whose tasks are started anew, so that they read their secrets from the restored swarm. */
  readonly recreate: readonly string[];
  /** Seconds the workers get to come back under their old ids (default 90). */
  readonly workersDeadline?: number;
  /** File that remembers how far a restore came. */
  readonly journal: string;
  /** Says when the data plane carries requests between all nodes again; undefined where the lab has nothing to ask. */
  readonly dataPlane?: () => Promise<string>;
  readonly say: Report;
}

/** The machines of the lab's workers. */
export const workersOf = ({ nodes }: Pick<RestoreRequest, "nodes">) =>
  nodes.filter(({ role }) => role === "worker");

/** What came of it. */
export interface RestoreResult {
  readonly node: string;
  readonly manifest: Manifest;
  /** In what the swarm differs from its fingerprint in the manifest; empty when it is the same. */
  readonly differences: readonly Difference[];
  /** Workers that did not come back under their old ids. */
  readonly missingWorkers: readonly string[];
  /** Sentence about the data plane. */
  readonly dataPlane: string | undefined;
  /** Where the old swarm directories are. */
  readonly before: string;
}
