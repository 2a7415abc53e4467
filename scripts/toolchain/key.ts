import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { PARTS } from "./parts.ts";

/** The folder of the toolchain's sources. */
export const SOURCES = fileURLToPath(new URL(".", import.meta.url));

/** Whether a file has a say in what is built: the Go sources, without their tests, and the recipe. */
export function counts(file: string): boolean {
  const name = file.split("/").at(-1) ?? "";
  if (name === "parts.ts") return true;
  return /(\.go|\.mod|\.sum|\.txt)$/.test(name) && !name.endsWith("_test.go");
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter(counts)
    .sort();
}

/** Names what `sources` build on this platform: the same sources have the same key everywhere. */
export async function toolchainKey(
  sources = SOURCES,
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([platform, arch, PARTS]));
  for (const file of await filesBelow(sources)) {
    const text = await readFile(join(sources, file));
    hash.update(`\n${file} ${text.length}\n`).update(text);
  }
  return hash.digest("hex").slice(0, 16);
}
