import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { isBackupName, isPlainFile } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { DirectoryDraft } from "./directory-draft.ts";
import { missing } from "./missing.ts";
import type { BackupPlace, Draft } from "./place.ts";
import { abandoned, signAsWriter } from "./writer-file.ts";

/** Begins the name of a folder that is being written. */
export const PARTIAL = ".partial-";
const REMOVING = ".removing-";

/**
 * Backups in a directory: a folder each (0700, its files 0600), written as `.partial-<name>` and renamed when all of it is
 * on the disk.
 */
export class DirectoryPlace implements BackupPlace {
  readonly where: string;

  constructor(folder: string) {
    this.where = resolve(folder);
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.where);
    } catch (error) {
      if (missing(error)) return [];
      throw error;
    }
  }

  async list(): Promise<string[]> {
    return (await this.names()).filter(isBackupName).sort();
  }

  async exists(name: string): Promise<boolean> {
    return (await this.names()).includes(name);
  }

  async begin(name: string): Promise<Draft> {
    if (!isBackupName(name)) throw new Error(`${name} is no backup's name`);
    await mkdir(this.where, { recursive: true, mode: 0o700 });
    await this.clear();
    const final = join(this.where, name);
    const folder = join(this.where, `${PARTIAL}${name}`);
    const taken = [final, folder].find((path) => existsSync(path));
    if (taken !== undefined) {
      const need = "a name that is free: a backup never overwrites another";
      throw new UserError(
        `backup: got ${taken}, which is there, need ${need}; try again in a moment`,
      );
    }
    await mkdir(folder, { mode: 0o700 });
    await signAsWriter(folder);
    return new DirectoryDraft(folder, final);
  }

  async open(name: string, file: string): Promise<Readable> {
    const path = join(this.where, name, file);
    if (!isPlainFile(file)) throw new Error(`${file} is no plain file name`);
    try {
      return (await open(path, "r")).createReadStream();
    } catch (error) {
      if (!missing(error)) throw error;
      throw new UserError(
        `${path}: got no such file, need it: the backup is not whole; use another`,
      );
    }
  }

  async remove(name: string): Promise<void> {
    const aside = join(this.where, `${REMOVING}${name}`);
    await rename(join(this.where, name), aside);
    await rm(aside, { recursive: true, force: true });
  }

  /** Removes what a removal that was interrupted left, and the partial folders that nobody writes any more. */
  private async clear(): Promise<void> {
    for (const name of await this.names()) {
      const path = join(this.where, name);
      const left = name.startsWith(PARTIAL) ? await abandoned(path) : name.startsWith(REMOVING);
      if (left) await rm(path, { recursive: true, force: true });
    }
  }
}
