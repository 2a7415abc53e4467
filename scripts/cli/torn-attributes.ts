import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { labName, PROJECT } from "./paths.ts";

function orNone<T>(none: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return none;
    throw error;
  };
}

/** Whether a file is there and holds no JSON. */
async function isTorn(file: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(orNone("{}"));
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

/**
 * Removes the attribute files of a stack, and of the backend itself, that a killed Pulumi left half written; returns
 * their paths. The file backend renames a checkpoint into its place but writes `<checkpoint>.attrs` where it lies
 * (gocloud.dev fileblob, `setAttrs`); cut off there, the file is empty and every later command ends with "failed to
 * load checkpoint: EOF", though the checkpoint itself is whole. Without the file fileblob takes its defaults, which is
 * all Pulumi needs, so it is safe to remove at any time, even under a Pulumi at work. Does nothing for a `backend` that
 * is no folder.
 */
export async function removeTornAttributes(
  stack: string,
  backend: string | undefined,
): Promise<string[]> {
  if (backend === undefined) return [];
  const top = join(backend, ".pulumi");
  const folder = join(top, "stacks", PROJECT);
  const names = await readdir(folder).catch(orNone<string[]>([]));
  const ofStack = names.filter(
    (name) => name.startsWith(`${labName(stack)}.json`) && name.endsWith(".attrs"),
  );
  const files = [join(top, "meta.yaml.attrs"), ...ofStack.map((name) => join(folder, name))];
  const torn: string[] = [];
  for (const file of files) {
    if (!(await isTorn(file))) continue;
    await rm(file, { force: true });
    torn.push(file);
  }
  return torn;
}
