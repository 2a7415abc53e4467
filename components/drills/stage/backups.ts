import type { Difference } from "../../backup/difference.ts";
import type { Manifest } from "../../backup/manifest.ts";
import type { NodeHandle } from "../../nodes/types.ts";

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

/** Backups in the drill's own place, and what can be done with one. */
export interface StageBackups {
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
  rehearse(backup: StagedBackup): Promise<StagedRehearsal>;
  /** A copy of a backup with one bit of its Raft log turned, and checksums that fit. */
  damage(backup: StagedBackup): Promise<StagedBackup>;
  /** Names of containers and volumes that rehearsals of this lab left on its engine; empty when there are none. */
  leftovers(): Promise<string>;
}
