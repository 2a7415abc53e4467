import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  isPlainFile,
  MANIFEST,
  type Manifest,
  manifestText,
} from "../../components/backup/manifest.ts";
import { type Draft, SUMS, type Written } from "./place.ts";
import { WRITER } from "./writer-file.ts";

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

/** A folder that is written to, and gets its final name when all of it is on the disk. */
export class DirectoryDraft implements Draft {
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
