import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../components/errors.ts";

interface Noted {
  readonly backup: string;
  /** Of the start of the restore: names what it moves aside, so that all of its runs use the same names. */
  readonly stamp: string;
  readonly done: readonly string[];
}

/** How far a restore came. Only steps that must not be done twice are noted; all others look at what there is. */
export class RestoreJournal {
  readonly file: string;
  private noted: Noted;

  private constructor(file: string, noted: Noted) {
    this.file = file;
    this.noted = noted;
  }

  /** Goes on with a restore that was interrupted, or begins one. One of another backup must be finished first. */
  static async open(file: string, backup: string): Promise<RestoreJournal> {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    const noted = text === undefined ? undefined : (JSON.parse(text) as Noted);
    if (noted !== undefined && noted.backup !== backup) {
      throw new UserError(
        `restore: got ${backup}, need ${noted.backup}, whose restore was interrupted; ` +
          `finish that one first, or remove ${file} to begin another`,
      );
    }
    const stamp = new Date()
      .toISOString()
      .replace(/\.\d+Z$/, "Z")
      .replaceAll(":", "-");
    return new RestoreJournal(file, noted ?? { backup, stamp, done: [] });
  }

  get stamp(): string {
    return this.noted.stamp;
  }

  done(step: string): boolean {
    return this.noted.done.includes(step);
  }

  /** Runs a step unless an earlier run has finished it. */
  async step(name: string, work: () => Promise<void>): Promise<void> {
    if (this.done(name)) return;
    await this.write(); // the stamp must be known before anything is moved aside under it
    await work();
    this.noted = { ...this.noted, done: [...this.noted.done, name] };
    await this.write();
  }

  private async write(): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    // On the disk before its name: after a power cut the old text or the new one is there, never half of one.
    await writeFile(`${this.file}.new`, JSON.stringify(this.noted), { flush: true });
    await rename(`${this.file}.new`, this.file);
  }

  /** The restore is finished. */
  async close(): Promise<void> {
    await rm(this.file, { force: true });
    await rm(`${this.file}.new`, { force: true });
  }
}
