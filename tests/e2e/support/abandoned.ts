import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeKept, removeLabelled, stateFolder } from "./remains.ts";

/** How the folder of a test's lab begins. */
export const PREFIX = join(tmpdir(), "swarm-lab-test-");
const OWNER = "owner.json";

interface Owner {
  readonly stack: string;
  readonly root: string;
  readonly pid: number;
}

/** Says in a lab's folder whose it is, before there is anything of the lab. */
export const own = (folder: string, owner: Owner): void =>
  writeFileSync(join(folder, OWNER), JSON.stringify(owner));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The owner of a folder; undefined where a file is missing or cut short: it ended before it had anything. */
function ownerOf(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

/** Removes the labs of tests whose process is gone: interrupted, or killed. Says which. Leaves all others alone. */
export async function removeAbandoned(): Promise<void> {
  const folders = readdirSync(tmpdir()).map((name) => join(tmpdir(), name));
  for (const folder of folders.filter((one) => one.startsWith(PREFIX))) {
    const owner = ownerOf(folder);
    if (owner === undefined || isAlive(owner.pid)) continue;
    console.error(`removing lab ${owner.stack} of a test that was interrupted`);
    await removeLabelled(owner.stack);
    removeKept(owner.root, owner.stack);
    const state = stateFolder(owner.root, owner.stack);
    if (state !== undefined) rmSync(state, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For vitest: before a suite, and after one whose own process died. One that is ended from outside comes to no such end: the next run finds its lab. */
export async function setup(): Promise<() => Promise<void>> {
  await removeAbandoned();
  return removeAbandoned;
}
