import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { Report } from "../cli/report.ts";
import { bringBack } from "./engine.ts";
import { mustReadSwarm, readSwarm } from "./read-swarm.ts";
import { scale } from "./volumes.ts";

/**
 * What a backup has put aside for a moment and must put back: the engine it stopped and the services it scaled to zero.
 * Written before it is done, so that a backup that was killed is finished by whoever comes next. Holds no secret.
 */
export interface Aside {
  readonly engine?: string;
  readonly services?: Readonly<Record<string, number>>;
}

/** Notes what is put aside; nothing removes the note. */
export async function note(file: string, aside: Aside): Promise<void> {
  if (aside.engine === undefined && Object.keys(aside.services ?? {}).length === 0) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(aside));
  await rename(`${file}.new`, file);
}

/**
 * Puts back what a backup that was killed left aside. `unlockKey` is asked for only when the engine comes back locked.
 * Does nothing when there is no note; the note goes only when all is as it was.
 */
export async function putBack(
  file: string,
  nodes: readonly NodeHandle[],
  unlockKey: () => Promise<string>,
  say: Report,
): Promise<void> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return;
  const aside = JSON.parse(text) as Aside;
  const managers = nodes.filter(({ role }) => role === "manager");
  const node = nodes.find(({ name }) => name === aside.engine);
  if (node !== undefined) {
    say(`backup: an earlier one was killed; bringing ${node.name} back`);
    const others = managers.filter(({ name }) => name !== node.name);
    const key = (await readSwarm(others))?.unlockKey || (await unlockKey());
    await bringBack(node, managers, key);
  }
  const services = Object.entries(aside.services ?? {});
  if (services.length > 0) {
    say(
      `backup: an earlier one was killed; giving ${services.map(([name]) => name).join(", ")} their replicas back`,
    );
    const { via } = await mustReadSwarm(managers, "backup");
    await scale(via, aside.services ?? {});
  }
  await note(file, {});
}
