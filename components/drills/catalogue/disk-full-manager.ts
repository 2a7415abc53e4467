import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import {
  askToJoin,
  awaitEntry,
  engineState,
  entriesOf,
  joinToken,
  removeEntries,
  stranger,
} from "./stranger.ts";

/** Where an engine keeps what it has of the swarm. */
export const SWARM = "/var/lib/docker/swarm";
/** The small disk, in MB: three segments of the log and some, of which only one is to be had at first. */
const DISK = 260;
const TAKEN = 170;
/** Seconds that it has to be Reachable without a break to be called back. */
const STEADY = 6;

/** Per cent of the small disk that are used. */
export const usedOf = async (stage: Stage, node: NodeHandle) =>
  Number((await stage.on(node, `df --output=pcent ${SWARM} | tail -n 1`)).replaceAll(/\D/g, ""));

/** A manager whose swarm directory is on a disk of its own that is small, and mostly taken. */
export async function smallManager(stage: Stage) {
  const machine = await stranger(stage, "small");
  await stage.on(
    machine,
    `mkdir -p ${SWARM}; mount -t tmpfs -o size=${DISK}m,mode=0700 drill ${SWARM}
fallocate -l ${TAKEN}M ${SWARM}/taken`,
  );
  return { machine, id: await joinAsManager(stage, machine) };
}

async function joinAsManager(stage: Stage, machine: NodeHandle): Promise<string> {
  const joined = await askToJoin(stage, machine, await joinToken(stage, "manager"));
  if (joined.code !== 200) throw new Error(`${machine.name} does not join: ${joined.text}`);
  return awaitEntry(stage, machine, "Ready Reachable", 90);
}

/** A log that nobody can mend: the manager goes from the swarm, and comes as one that has none. */
export async function replace(stage: Stage, machine: NodeHandle): Promise<string> {
  await removeEntries(stage, machine);
  await stage.on(machine, "docker swarm leave --force >/dev/null", { seconds: 60 });
  await engineState(stage, machine, "inactive");
  return joinAsManager(stage, machine);
}

/** What the swarm lists of a machine, without its ids. */
export const statusOf = async (stage: Stage, machine: NodeHandle) =>
  (await entriesOf(stage, machine)).map((entry) => entry.replace(/^\S+ /, "")).join(", ");

/** Waits until a machine's entry has been the same for some looks: one that comes back is here and there first. */
export async function stays(stage: Stage, machine: NodeHandle, wanted: string) {
  let since: number | undefined;
  return stage.until<{ status: string; at: number }>(`${machine.name} stays`, 120, async () => {
    const status = await statusOf(stage, machine);
    const now = Date.now();
    since = status === wanted ? (since ?? now) : undefined;
    return since !== undefined && now - since >= STEADY * 1000
      ? { done: { status, at: since } }
      : { waiting: `it is ${status}` };
  });
}
