import { UserError } from "../../components/errors.ts";
import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { Answer, Command, Place } from "../../components/practice/exercise.ts";
import { filled, type Names } from "../../components/practice/grade.ts";
import { REGISTRY_ADDRESS } from "../../stacks/registry-name.ts";
import { ROOT } from "../cli/paths.ts";
import { capture } from "../cli/run.ts";
import { waitFor } from "../lib/wait.ts";
import { askManagers } from "../swarm/managers.ts";

/** The application's image as exercises name it, without its tag. The lab's registry answers for it, and nobody else's. */
export const IMAGE = `${REGISTRY_ADDRESS}/app`;

const LEADER =
  "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}' | sed -n 's/ Leader$//p'";

/** Seconds until a swarm has elected somebody. */
const ELECTION = 40;

/** Who leads now, waited for through an election. Throws a WaitError when nobody does within that many seconds. */
export async function leaderOf(
  nodes: readonly NodeHandle[],
  deadline = ELECTION,
): Promise<NodeHandle> {
  // Any node may have been made a manager; those that are planned as such are asked first.
  const managers = [...nodes].sort((a, b) => a.role.localeCompare(b.role));
  return waitFor<NodeHandle>(
    "the swarm has a leader",
    async () => {
      const answer = await askManagers(managers, LEADER);
      const name = answer?.stdout.trim();
      const found = nodes.find((node) => node.name === name);
      return found === undefined ? { waiting: "no manager names one" } : { done: found };
    },
    { deadline, interval: 0.5 },
  );
}

/** Names for the words in braces, settled when an exercise begins. */
export async function namesOf(nodes: readonly NodeHandle[]): Promise<Names> {
  const leader = await leaderOf(nodes);
  const workers = nodes.filter(({ role }) => role === "worker");
  const followers = nodes.filter(({ role, name }) => role === "manager" && name !== leader.name);
  return {
    leader: leader.name,
    follower: followers[0]?.name ?? leader.name,
    "follower-2": followers[1]?.name ?? leader.name,
    "worker-1": workers[0]?.name ?? "",
    "worker-2": workers[1]?.name ?? "",
    image: IMAGE,
  };
}

/** A lab on which commands are typed, and the names that stand for its nodes. */
export interface Desk {
  readonly stack: string;
  readonly nodes: readonly NodeHandle[];
  readonly names: Names;
}

/** Milliseconds that a command may take: a client that waits for an update of four tasks takes a minute on a busy machine. */
const PATIENCE = 180_000;

/** The node of a place: who leads is asked anew each time, the others are who they were at the beginning. */
async function nodeAt(place: Exclude<Place, "here">, { nodes, names }: Desk): Promise<NodeHandle> {
  if (place === "leader") return leaderOf(nodes);
  const found = nodes.find(({ name }) => name === names[place]);
  if (found === undefined) throw new Error(`the lab has no ${place}`);
  return found;
}

/** What is typed `here` finds the lab's commands, and they find the lab. */
const typeHere = (typed: string, stack: string) =>
  capture("sh", ["-c", typed], {
    ...{ cwd: ROOT, timeout: PATIENCE },
    env: { ...process.env, PULUMI_STACK: stack },
  });

/**
 * Types a command on its place. Returns where, and what came of it. `leader`: who leads, where that is known. Throws a
 * WaitError when it is to be typed on the leader, and there is none.
 */
export async function typeOn(
  { on, type }: Command,
  desk: Desk,
  leader?: NodeHandle,
): Promise<{ node: string; typed: string; answer: Answer }> {
  const typed = filled(type, desk.names);
  const at = on === "leader" ? leader : undefined;
  const node = on === "here" ? undefined : (at ?? (await nodeAt(on, desk)));
  const { code, stdout, stderr } =
    node === undefined
      ? await typeHere(typed, desk.stack)
      : await execOn(node, typed, { timeout: PATIENCE });
  const complaint = stderr.trim().split("\n").at(-1) ?? "";
  return {
    ...{ node: node?.name ?? "here", typed },
    answer: { code, text: code === 0 ? stdout.trim() : complaint || stdout.trim() },
  };
}

/** The same, for what belongs to the lab: returns what was answered; a command that fails is a UserError. */
export async function mustType(command: Command, desk: Desk) {
  const { node, typed, answer } = await typeOn(command, desk);
  if (answer.code !== 0)
    throw new UserError(
      `${node}: \`${typed}\` failed: ${answer.text}; \`npm run practice -- reset\``,
    );
  return answer.text;
}
