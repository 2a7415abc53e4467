import type { SourceOptions } from "../../components/backup/source.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { Report } from "../cli/report.ts";
import type { Encryption } from "./crypt.ts";
import type { BackupPlace } from "./place.ts";
import type { UnlockKeys } from "./unlock-keys.ts";

/** What is to be backed up, and how. */
export interface BackupRequest extends SourceOptions {
  readonly lab: string;
  readonly nodes: readonly NodeHandle[];
  readonly place: BackupPlace;
  readonly keys: UnlockKeys;
  readonly encryption: Encryption;
  /** The registry's volume, and further named volumes. */
  readonly registry?: string;
  readonly volumes: readonly string[];
  /** File that remembers what is put aside meanwhile. */
  readonly journal: string;
  readonly say: Report;
}

/** The file name of an archive, which says whether it is encrypted. */
export const fileName = (stem: string, encryption: Encryption) =>
  encryption.kind === "none" ? `${stem}.tgz` : `${stem}.tgz.age`;
