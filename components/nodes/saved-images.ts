import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../cache.ts";
import { capture } from "../process.ts";

/** Milliseconds that a saved image is kept after its last use: its tag changes with its sources, so it may be of no use again. */
const KEPT = 7 * 24 * 60 * 60 * 1000;

async function must(engine: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await capture("docker", ["--host", engine, ...args], {
    timeout: 300_000,
  });
  if (code !== 0) throw new Error(`docker ${args.slice(0, 2).join(" ")}: ${stderr.trim()}`);
  return stdout;
}

async function dropOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const seen = await stat(file).catch(() => undefined); // another run may drop it as well
    if (seen && Date.now() - seen.mtimeMs > KEPT) await rm(file, { force: true });
  }
}

/** Makes the file, under a name of its own while it is written: another process may be making the same one. */
async function save(engine: string, images: readonly string[], file: string): Promise<string> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await dropOld(folder);
  const partial = `${file}.${process.pid}`;
  await must(engine, ["image", "save", "--output", partial, ...images]);
  await rename(partial, file);
  return file;
}

/** Files that this process is making, by their paths: several nodes want the same images at once. */
const underWay = new Map<string, Promise<string>>();

/**
 * The path of a file that `docker image load` reads: these images of the engine, saved once for as long as they are the same,
 * by their ids, also when it is asked for several times at once. An engine takes half a second of processor time to save
 * 20 MB, for each node of each lab. Throws what the client says.
 */
export async function savedImages(engine: string, images: readonly string[]): Promise<string> {
  const ids = await must(engine, ["image", "inspect", "--format", "{{.Id}}", ...images]);
  // The file holds the names as well.
  const key = createHash("sha256")
    .update(JSON.stringify([images, ids]))
    .digest("hex")
    .slice(0, 16);
  const file = join(cacheFolder(), "images", `${key}.tar`);
  const making = underWay.get(file);
  if (making !== undefined) return making;
  const now = new Date();
  const found = utimes(file, now, now).then(
    () => file,
    () => save(engine, images, file),
  );
  underWay.set(file, found);
  return found.finally(() => underWay.delete(file));
}
