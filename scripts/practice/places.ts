import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { Answer, Command, Place } from "../../components/practice/exercise.ts";
import { filled, type Names } from "../../components/practice/grade.ts";
import { REGISTRY_ADDRESS } from "../../stacks/registry.ts";
import { waitFor } from "../lib/wait.ts";
import { askManagers } from "../swarm/managers.ts";

/** The application's image as exercises name it, without its tag. The lab's registry answers for it, and nobody else's. */
export const IMAGE = `${REGISTRY_ADDRESS}/app`;

const LEADER =
  "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}' | sed -n 's/ Leader$//p'";

/** Who leads now, waited for through an election. */
export async function leaderOf(nodes: readonly NodeHandle[]): Promise<NodeHandle> {
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
    { deadline: 40, interval: 0.5 },
  );
}

/** Names for the words in braces, settled when an exercise begins. */
export async function namesOf(nodes: readonly NodeHandle[]): Promise<Names> {
  const leader = await leaderOf(nodes);
  const workers = nodes.filter(({ role }) => role === "worker");
  const follower = nodes.find(({ role, name }) => role === "manager" && name !== leader.name);
  return {
    leader: leader.name,
    follower: follower?.name ?? leader.name,
    "worker-1": workers[0]?.name ?? "",
    "worker-2": workers[1]?.name ?? "",
    image: IMAGE,
  };
}

/** The node of a place: who leads is asked anew each time, the others are who they were at the beginning. */
export async function nodeAt(
  place: Place,
  nodes: readonly NodeHandle[],
  names: Names,
): Promise<NodeHandle> {
  if (place === "leader") return leaderOf(nodes);
  const found = nodes.find(({ name }) => name === names[place]);
  if (found === undefined) throw new Error(`the lab has no ${place}`);
  return found;
}

/** Milliseconds that a command may take: a client that waits for an update of four tasks takes a minute on a busy machine. */
const PATIENCE = 180_000;

/** Types a command on its place. Returns where, and what came of it. */
export async function typeOn(
  { on, type }: Command,
  nodes: readonly NodeHandle[],
  names: Names,
): Promise<{ node: string; typed: string; answer: Answer }> {
  const node = await nodeAt(on, nodes, names);
  const typed = filled(type, names);
  const { code, stdout, stderr } = await execOn(node, typed, { timeout: PATIENCE });
  const complaint = stderr.trim().split("\n").at(-1) ?? "";
  return {
    ...{ node: node.name, typed },
    answer: { code, text: code === 0 ? stdout.trim() : complaint || stdout.trim() },
  };
}
