import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { isBackupName, isPlainFile, type Manifest } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { DirectoryPlace } from "./directory-place.ts";
import { type BackupPlace, type Draft, SUMS, type Written } from "./place.ts";
import { hasObject, listObjects, putFile, readObject, removeAt, type StoredObject } from "./s3.ts";

/** Milliseconds after which what an upload left that never came to its end is nobody's any more. */
const ABANDONED = 24 * 3_600_000;

const isWhole = (all: readonly StoredObject[]) => all.some(({ key }) => key.endsWith(`/${SUMS}`));
const isAbandoned = ({ modified }: StoredObject) => Date.now() - modified > ABANDONED;

/** A backup that is written on this machine, and put into the bucket when it is whole. */
class BucketDraft implements Draft {
  readonly #local: Draft;
  readonly #upload: (folder: string) => Promise<string>;

  constructor(local: Draft, upload: (folder: string) => Promise<string>) {
    this.#local = local;
    this.#upload = upload;
  }

  write(file: string, stream: Readable): Promise<Written> {
    return this.#local.write(file, stream);
  }

  writeManifest(manifest: Manifest): Promise<Written> {
    return this.#local.writeManifest(manifest);
  }

  async commit(): Promise<string> {
    return this.#upload(await this.#local.commit());
  }

  discard(): Promise<void> {
    return this.#local.discard();
  }
}

/**
 * Backups in a bucket of S3, under `s3://bucket` or `s3://bucket/prefix`, through the AWS CLI with the user's credentials. A
 * backup is there once its checksums are, which come last. It is written to `spool`, a folder of this machine, first: a
 * manager is off while it is archived, and must not wait for a slow line.
 */
export class BucketPlace implements BackupPlace {
  readonly where: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #spool: DirectoryPlace;

  constructor(url: string, spool: string) {
    this.where = url.replace(/\/+$/, "");
    const [bucket = "", ...folders] = this.where.slice("s3://".length).split("/");
    this.#bucket = bucket;
    this.#prefix = [...folders, ""].join("/");
    this.#spool = new DirectoryPlace(spool);
  }

  /** Objects by the backup that they belong to. */
  async #objects(): Promise<ReadonlyMap<string, readonly StoredObject[]>> {
    const found = new Map<string, StoredObject[]>();
    for (const object of await listObjects(this.#bucket, this.#prefix)) {
      const [name = "", file] = object.key.slice(this.#prefix.length).split("/");
      if (file === undefined || !isBackupName(name)) continue;
      found.set(name, [...(found.get(name) ?? []), object]);
    }
    return found;
  }

  async list(): Promise<string[]> {
    return [...(await this.#objects())]
      .filter(([, all]) => isWhole(all))
      .map(([name]) => name)
      .sort();
  }

  exists(name: string): Promise<boolean> {
    return hasObject(this.#bucket, `${this.#prefix}${name}/${SUMS}`);
  }

  async begin(name: string): Promise<Draft> {
    const objects = await this.#objects();
    for (const [other, all] of objects)
      if (!isWhole(all) && all.every(isAbandoned)) await removeAt(`${this.where}/${other}/`);
    if (objects.has(name)) {
      const need = "a name that is free: a backup never overwrites another";
      throw new UserError(
        `backup: got ${this.where}/${name}, which is there, need ${need}; try again in a moment`,
      );
    }
    const upload = (folder: string) => this.#upload(folder);
    return new BucketDraft(await this.#spool.begin(name), upload);
  }

  /** Puts a whole backup into the bucket, its checksums last, and then takes it away from this machine. */
  async #upload(folder: string): Promise<string> {
    const url = `${this.where}/${basename(folder)}`;
    const files = (await readdir(folder)).filter((file) => file !== SUMS);
    try {
      for (const file of [...files, SUMS]) await putFile(join(folder, file), `${url}/${file}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const fix = `it is whole in ${folder}, and \`npm run restore\` takes that folder; make another backup when the cause is gone`;
      throw new UserError(`backup: ${url} is not whole: ${error.message}; ${fix}`);
    }
    await rm(folder, { recursive: true });
    return url;
  }

  async open(name: string, file: string): Promise<Readable> {
    if (!isPlainFile(file)) throw new Error(`${file} is no plain file name`);
    const url = `${this.where}/${name}/${file}`;
    if (await hasObject(this.#bucket, `${this.#prefix}${name}/${file}`)) return readObject(url);
    throw new UserError(
      `${url}: got no such object, need it: the backup is not whole; use another`,
    );
  }

  /** The checksums go first, so that half a backup is never seen. */
  async remove(name: string): Promise<void> {
    await removeAt(`${this.where}/${name}/${SUMS}`);
    await removeAt(`${this.where}/${name}/`);
  }
}
