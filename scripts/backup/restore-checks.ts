import type { Manifest } from "../../components/backup/manifest.ts";
import { describeProblem, type Problem } from "../../components/errors.ts";
import { onDisk } from "../../components/nodes/disk.ts";
import { execOn } from "../../components/nodes/exec.ts";
import { type EnginePower, enginePower } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type LocalState, localState } from "../swarm/managers.ts";

/** A manager's machine before a restore: whether its engine runs, and what it is in a swarm. */
export interface ManagerSeen {
  readonly node: NodeHandle;
  readonly power: EnginePower;
  readonly state: LocalState["state"] | undefined;
}

export async function lookAtManagers(nodes: readonly NodeHandle[]): Promise<ManagerSeen[]> {
  const managers = nodes.filter(({ role }) => role === "manager");
  return Promise.all(
    managers.map(async (node) => {
      const power = await enginePower(node);
      return { node, power, state: power === "on" ? (await localState(node))?.state : undefined };
    }),
  );
}

/**
 * Whether a manager can still speak in the swarm's name. One whose engine is off cannot; one whose engine runs and is in no
 * swarm cannot; any other could come back beside the restored one, and what it acknowledges then is lost (drill split-brain).
 * Of a machine that nobody here reaches nothing is known: others may reach it.
 */
export function couldReturn({ power, state }: ManagerSeen): boolean {
  return power === "frozen" || power === "unknown" || (power === "on" && state !== "inactive");
}

/** Problems of the managers that are not fenced. `lives` is the swarm's own word that it has a quorum. */
export function fenceProblems(seen: readonly ManagerSeen[], lives: boolean): Problem[] {
  const awake = seen.filter(couldReturn);
  if (awake.length === 0) return [];
  const names = awake.map(({ node }) => node.name).join(", ");
  const got = lives
    ? `a swarm that lives, with ${names}`
    : `${names}, which could still speak for the old swarm`;
  return [
    {
      where: "managers",
      got,
      need: "every manager's engine off, or in no swarm",
      fix: lives
        ? "a restore is for the loss of the quorum; to put this swarm back to an earlier state all the same, add --fence, which stops their engines first"
        : "stop their engines, or add --fence, which does that first",
    },
  ];
}

const VERSION = "dockerd --version";

/** The version of a node's engine, on or off: "26.1.5+dfsg1". */
export async function engineVersion({ node, power }: ManagerSeen): Promise<string> {
  const text =
    power === "on"
      ? (await execOn(node, VERSION)).stdout
      : await onDisk(node, "asking for the engine's version", VERSION);
  return /version ([^,\s]+)/i.exec(text)?.[1] ?? "unknown";
}

/** Bytes free where a node keeps its engine's data; NaN when it does not say. */
export async function freeBytes({ node, power }: ManagerSeen): Promise<number> {
  const script = "df --output=avail -B1 /var/lib/docker | tail -n 1";
  const text =
    power === "on"
      ? (await execOn(node, script)).stdout
      : await onDisk(node, "asking for space", script);
  return Number(text.trim() || "unknown");
}

/** The machine that has the backup's address must not answer there while another one does. */
export function aliasProblems(home: ManagerSeen | undefined): Problem[] {
  if (home === undefined || home.power === "off" || home.power === "missing") return [];
  const { name, address } = home.node;
  return [
    {
      where: name,
      got: `a machine that is ${home.power} and has ${address}, the backup's address`,
      need: "it off, since another machine is to answer there",
      fix: "turn it off, or add --fence, which does that first; or restore on it, without --alias-address",
    },
  ];
}

/** What a target must be like, by what its machine was seen to be. */
export function targetProblems(
  manifest: Manifest,
  seen: {
    readonly address: string;
    readonly version: string;
    readonly free: number;
    readonly name: string;
    /** It will answer at the backup's address as well. */
    readonly alias?: boolean;
  },
  unpackedBytes: number,
): Problem[] {
  const problems: Problem[] = [];
  if (seen.address !== manifest.node.address && !seen.alias) {
    problems.push({
      where: seen.name,
      got: `address ${seen.address}`,
      need: `${manifest.node.address}, where the backup's manager was: its peers find it only there`,
      fix: "restore on the node that has that address, or add --alias-address, which lets this one answer there first",
    });
  }
  if (seen.version !== manifest.engineVersion) {
    problems.push({
      where: seen.name,
      got: `engine ${seen.version}`,
      need: `${manifest.engineVersion}, the backup's: another version may not read its log`,
      fix: "install the same engine, restore, then upgrade",
    });
  }
  const needed = unpackedBytes * 2; // the old directory stays beside the new one, and the log grows
  if (!(seen.free >= needed)) {
    const [least, free] = [Math.ceil(needed / 2 ** 20), Math.floor(seen.free / 2 ** 20)];
    problems.push({
      where: seen.name,
      got: Number.isNaN(free) ? "an unknown amount of free space" : `${free} MiB free`,
      need: `${least} MiB`,
      fix: "make room in /var/lib/docker",
    });
  }
  return problems;
}

export const listProblems = (problems: readonly Problem[]): string =>
  problems.map((problem) => `  - ${describeProblem(problem)}`).join("\n");
