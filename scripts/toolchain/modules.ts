import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { cannotFetch, go, lastLines } from "./go.ts";
import { SOURCES } from "./key.ts";
import type { Part } from "./parts.ts";

const UPSTREAM = "upstream";

/**
 * Fetches the modules a part needs and returns the folder to build it in. That is the part's own folder, or one below
 * `scratch` where a module has to be fitted with the part's shim.
 */
export async function fetchModules(part: Part, scratch: string): Promise<string> {
  const own = join(SOURCES, part.folder);
  const folder =
    part.shimmed === undefined ? own : await fitIn(own, part.shimmed, join(scratch, part.folder));
  // Loads the whole import graph, and with it exactly the modules that the build will read.
  const tags = part.tags === undefined ? [] : ["-tags", part.tags];
  const list = ["list", "-deps", "-f", "{{with .Error}}{{.}}{{end}}", ...tags, part.package];
  await go(folder, list, (said) => cannotFetch(part.title, said));
  return folder;
}

/**
 * Unpacks `module` beside a copy of the part and puts the part's shim/ files over its own: its provider is in an
 * internal package, which only a package of the same module may import. Go checked the module against go.sum before.
 */
async function fitIn(own: string, module: string, folder: string): Promise<string> {
  const text = await go(own, ["mod", "download", "-json", module], (said) =>
    cannotFetch(module, said),
  );
  const { Dir: unpacked } = JSON.parse(text) as { Dir: string };
  await rm(folder, { recursive: true, force: true });
  await copyFiles(own, folder);
  const upstream = join(folder, UPSTREAM);
  await copyFiles(unpacked, upstream);
  await rename(join(folder, "shim", "shim.go.txt"), join(upstream, "shim.go"));
  await rm(join(upstream, "main.go"));
  const replace = `${module}=./${UPSTREAM}`;
  await go(folder, ["mod", "edit", "-replace", replace], lastLines);
  return folder;
}

/** Copies plain files only: folders of the module cache are read-only, and their copies could not be removed. */
async function copyFiles(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const target = join(to, relative(from, entry.parentPath));
    await mkdir(target, { recursive: true });
    await copyFile(join(entry.parentPath, entry.name), join(target, entry.name));
  }
}
