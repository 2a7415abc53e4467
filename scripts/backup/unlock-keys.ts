import { createHash } from "node:crypto";
import { chmod, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../components/errors.ts";

export interface KeptKey {
  /** SHA-256 of the key, as the manifests name it. */
  readonly hash: string;
  /** The file's name in the folder. */
  readonly file: string;
  readonly clusterId: string;
}

const FILE = /^([a-z0-9]+)-([0-9a-f]{12})\.key$/;
const KEY = /^SWMKEY-1-\S+$/;

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");

/**
 * Unlock keys, kept apart from the archives that they open: who gets hold of one of the two has nothing. A folder (0700)
 * with one file a key (0600), `<cluster id>-<first 12 of its sha256>.key`. Rotating the key does not change older archives,
 * so each key stays for as long as an archive needs it. A file whose content is not what its name says is refused.
 */
export class UnlockKeys {
  /** The folder. */
  readonly where: string;

  constructor(folder: string) {
    this.where = folder;
  }

  /** Keeps a key, on the disk when this returns. One that is there already stays as it is. UserError when it is no unlock key. */
  async keep(key: string, clusterId: string): Promise<{ hash: string; file: string }> {
    const text = key.trim();
    if (!KEY.test(text))
      throw new UserError(
        "unlock key: got a text that is none, need what `docker swarm unlock-key -q` prints, SWMKEY-1-...",
      );
    const hash = hashOf(text);
    const file = `${clusterId}-${hash.slice(0, 12)}.key`;
    if (!FILE.test(file))
      throw new UserError(
        `unlock key: got cluster id ${JSON.stringify(clusterId)}, need letters and digits`,
      );
    await mkdir(this.where, { recursive: true, mode: 0o700 });
    await chmod(this.where, 0o700);
    if ((await readdir(this.where)).includes(file)) {
      await this.read(file);
      return { hash, file };
    }
    const partial = join(this.where, `.partial-${process.pid}-${file}`);
    const handle = await open(partial, "w", 0o600);
    try {
      await handle.writeFile(`${text}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, join(this.where, file));
    const folder = await open(this.where, "r");
    await folder.sync().finally(() => folder.close());
    return { hash, file };
  }

  /** The key with a SHA-256; undefined when it is not kept here. UserError when its file holds another. */
  async find(hash: string): Promise<string | undefined> {
    for (const file of await this.files()) {
      if (FILE.exec(file)?.[2] !== hash.slice(0, 12)) continue;
      const { key, hash: found } = await this.read(file);
      if (found === hash) return key;
    }
    return undefined;
  }

  /** Every key itself. Refuses as `list` does. Never to be shown. */
  async all(): Promise<string[]> {
    const kept = await this.list();
    const keys = await Promise.all(kept.map(({ hash }) => this.find(hash)));
    return keys.flatMap((key) => key ?? []);
  }

  /** All keys that are kept, by file name. One UserError names every file that is refused. */
  async list(): Promise<KeptKey[]> {
    const files = await this.files();
    const read = await Promise.allSettled(files.map((file) => this.read(file)));
    const wrong = read.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
    const other = wrong.find((error) => !(error instanceof UserError));
    if (other) throw other;
    if (wrong.length > 0) throw new UserError(wrong.map(({ message }) => message).join("\n"));
    return files.flatMap((file, index) => {
      const one = read[index];
      const clusterId = FILE.exec(file)?.[1] ?? "";
      return one?.status === "fulfilled" ? [{ hash: one.value.hash, file, clusterId }] : [];
    });
  }

  /** Removes the key with a SHA-256; nothing happens when it is not there. */
  async remove(hash: string): Promise<void> {
    for (const kept of await this.list())
      if (kept.hash === hash) await rm(join(this.where, kept.file), { force: true });
  }

  private async files(): Promise<string[]> {
    try {
      return (await readdir(this.where)).filter((file) => FILE.test(file)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  private async read(file: string): Promise<{ key: string; hash: string }> {
    const path = join(this.where, file);
    const key = (await readFile(path, "utf8")).trim();
    const hash = hashOf(key);
    if (FILE.exec(file)?.[2] !== hash.slice(0, 12)) {
      const need = "the key with the hash in the file's name";
      const fix =
        "it was overwritten or damaged; put the right one back from where else you keep it";
      throw new UserError(`${path}: got another content, need ${need}; ${fix}`);
    }
    return { key, hash };
  }
}
