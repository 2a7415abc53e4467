import type { Readable } from "node:stream";
import type { Manifest } from "../../components/backup/manifest.ts";

/** Checksums of a backup's files, the manifest's among them, as `sha256sum --check` reads them. */
export const SUMS = "SHA256SUMS";

export interface Written {
  readonly sha256: string;
  readonly bytes: number;
}

/** A backup that is being written. Nobody sees it before it is committed. */
export interface Draft {
  /** Stores a stream as a file of the backup, and returns what was stored once it is on the disk. */
  write(file: string, stream: Readable): Promise<Written>;
  writeManifest(manifest: Manifest): Promise<Written>;
  /** Adds the checksums and gives the backup its name, all at once. Returns its path or URL. */
  commit(): Promise<string>;
  /** Removes what was written; nothing happens once it is committed. */
  discard(): Promise<void>;
}

/** Where backups are kept. A complete backup is seen under its name, any other not at all. */
export interface BackupPlace {
  /** Path or URL. */
  readonly where: string;
  /** Names of the complete backups, oldest first. */
  list(): Promise<string[]>;
  exists(name: string): Promise<boolean>;
  /** Begins a backup, and clears away what backups that were killed left behind. UserError when the name is taken. */
  begin(name: string): Promise<Draft>;
  /** Opens a file of a backup; UserError when it is not there. */
  open(name: string, file: string): Promise<Readable>;
  remove(name: string): Promise<void>;
}
