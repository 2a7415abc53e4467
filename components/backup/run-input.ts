import type { LabDescription } from "../../stacks/outputs.ts";
import type { Difference } from "./difference.ts";

/** LAB_BACKUP of scripts/backup/run-backup.ts. The passphrase, when there is one, is in LAB_BACKUP_PASSPHRASE. */
export interface BackupInput {
  readonly description: LabDescription;
  readonly hot?: boolean;
  readonly acceptOutage?: boolean;
  /** The manager to take it from; left out: one that follows. */
  readonly node?: string;
  /** Public key that the archives are encrypted for (`age1...`). */
  readonly recipient?: string;
  /** Whether the registry's data goes along. */
  readonly registry?: boolean;
  /** Named volumes that go along. */
  readonly volumes?: readonly string[];
  /** Good backups kept; left out: as the lab is configured. */
  readonly keep?: number;
}

export interface BackupOutput {
  readonly name: string;
  /** Path of its folder. */
  readonly where: string;
  readonly clusterId: string;
  readonly node: string;
  readonly mode: "cold" | "hot";
  readonly bytes: number;
  readonly sha256: string;
  readonly encrypted: boolean;
  /** Names of backups that retention removed. */
  readonly removed: readonly string[];
}

/** LAB_RESTORE of scripts/backup/run-restore.ts. */
export interface RestoreInput {
  readonly description: LabDescription;
  /** Name of a backup, or path of its folder, manifest or archive. */
  readonly from: string;
  /** Cluster id that the lab is known to have. */
  readonly clusterId?: string;
  readonly fence?: boolean;
  /** Whether another manager than the backup's answers at its address meanwhile. */
  readonly aliasAddress?: boolean;
  /** Services whose tasks are started anew; left out: none. */
  readonly recreate?: readonly string[];
}

export interface RestoreOutput {
  readonly backup: string;
  readonly node: string;
  readonly clusterId: string;
  readonly differences: readonly Difference[];
  readonly missingWorkers: readonly string[];
  readonly dataPlane?: string;
}
