import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  isBackupName,
  isPlainFile,
  MANIFEST,
  type Manifest,
  manifestText,
} from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { type Holder, isDead, processStart, withLock } from "../setup/lock.ts";

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

const PARTIAL = ".partial-";
const REMOVING = ".removing-";
const WRITER = ".writer";
/** A partial folder that does not say who writes it was made this very moment, or is left over. */
const NAMELESS_SECONDS = 60;

const missing = (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT";

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

/** Whether nobody writes a partial folder any more: its writer is gone, or it has had none for a while. */
async function abandoned(folder: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, WRITER), "utf8").catch((error) => {
      if (missing(error)) return "";
      throw error;
    });
    if (text !== "") return await isDead(JSON.parse(text) as Holder, hostname(), processStart);
    const { mtimeMs } = await stat(folder);
    return Date.now() - mtimeMs > NAMELESS_SECONDS * 1000;
  } catch (error) {
    if (missing(error)) return false; // whoever wrote it has just committed or discarded it
    throw error;
  }
}

class DirectoryDraft implements Draft {
  private readonly folder: string;
  private readonly final: string;
  private readonly sums = new Map<string, string>();
  private committed = false;

  constructor(folder: string, final: string) {
    this.folder = folder;
    this.final = final;
  }

  async write(file: string, stream: Readable): Promise<Written> {
    if (!isPlainFile(file)) throw new Error(`${file} is no plain file name`);
    const hash = createHash("sha256");
    let bytes = 0;
    const handle = await open(join(this.folder, file), "wx", 0o600);
    try {
      await pipeline(stream, async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk);
          bytes += chunk.length;
          await handle.writeFile(chunk);
        }
      });
      await handle.sync();
    } finally {
      await handle.close();
    }
    const sha256 = hash.digest("hex");
    this.sums.set(file, sha256);
    return { sha256, bytes };
  }

  writeManifest(manifest: Manifest): Promise<Written> {
    return this.write(MANIFEST, Readable.from([Buffer.from(manifestText(manifest))]));
  }

  async commit(): Promise<string> {
    if (!this.sums.has(MANIFEST)) throw new Error(`${this.folder} has no manifest yet`);
    const lines = [...this.sums].map(([file, sha256]) => `${sha256}  ${file}\n`);
    await this.write(SUMS, Readable.from([Buffer.from(lines.join(""))]));
    await rm(join(this.folder, WRITER));
    await sync(this.folder);
    await rename(this.folder, this.final);
    this.committed = true;
    await sync(dirname(this.final));
    return this.final;
  }

  async discard(): Promise<void> {
    if (!this.committed) await rm(this.folder, { recursive: true, force: true });
  }
}

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
    const started = (await processStart(process.pid)) ?? "";
    const writer: Holder = { pid: process.pid, started, host: hostname() };
    await writeFile(join(folder, `${WRITER}.new`), JSON.stringify(writer), { mode: 0o600 });
    await rename(join(folder, `${WRITER}.new`), join(folder, WRITER));
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

/**
 * Finds the backup that a person means by the folder of one, a file in it, or its name in the default place. Throws a
 * UserError that lists what is there. That the backup is whole is for `verifyBackup` to say.
 */
export async function locate(
  text: string,
  standard: BackupPlace,
): Promise<{ place: BackupPlace; name: string }> {
  if (isBackupName(text) && (await standard.exists(text))) return { place: standard, name: text };
  const found = await stat(text).catch((error) => {
    if (missing(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  });
  if (found !== undefined) {
    const folder = resolve(found.isDirectory() ? text : dirname(text));
    const name = basename(folder);
    if (name.startsWith(PARTIAL)) {
      const need = "a complete one: the folder is of a backup that was not finished";
      throw new UserError(`${text}: got half a backup, need ${need}`);
    }
    if (isBackupName(name) || existsSync(join(folder, MANIFEST)))
      return { place: new DirectoryPlace(dirname(folder)), name };
  }
  const names = (await standard.list()).reverse();
  const more = names.length > 10 ? ` and ${names.length - 10} older ones` : "";
  const there = names.length === 0 ? "none" : `${names.slice(0, 10).join(", ")}${more}`;
  const got = found === undefined ? "nothing there" : `no ${MANIFEST} in it`;
  throw new UserError(
    `${text}: got ${got}, need a backup: its folder, a file in it, or its name; in ${standard.where} there is: ${there}`,
  );
}

/**
 * Runs `work` as the only backup (or restore) that holds the lock file. Another that lives makes it fail at once: to wait
 * for it would be to stop a second engine behind the person's back. A lock whose process is gone is taken over.
 */
export async function withBackupLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = await readHolder(file);
  const fail = () => {
    const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
    const need = `one at a time; wait for it to end, or, if ${holder?.host ?? "its machine"} is gone for good, remove ${file}`;
    throw new UserError(`backup: got one that is running already (${who}), need ${need}`);
  };
  return withLock(file, fail, work);
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch (error) {
    if (missing(error)) return undefined;
    const need = "the lock of a backup, or none; if no backup runs, remove it";
    throw new UserError(`${file}: got ${(error as Error).message}, need ${need}`);
  }
}
