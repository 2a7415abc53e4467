import { answerTime, execOn } from "../../components/nodes/exec.ts";
import { quoted } from "../../components/nodes/quote.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { waitFor } from "../lib/wait.ts";

/** What a manager answered. */
export interface Answer {
  readonly manager: NodeHandle;
  readonly stdout: string;
}

/** A request that only a manager whose swarm has a leader answers (`docker info` says ControlAvailable without one too). */
const HAS_LEADER = "docker node ls --quiet";

/**
 * Puts a question, a script that changes nothing and fails without a leader, to the managers, and returns the first
 * answer: the first in the list is asked first, as it nearly always answers, then all others at once. Undefined when none
 * does, which takes twice the `seconds` that each has to answer, and four more. Asking this way finds a living manager and uses it in one go: each command
 * started on a node costs a tenth of a second of processor time.
 */
export async function askManagers(
  managers: readonly NodeHandle[],
  question: string,
  seconds?: number,
): Promise<Answer | undefined> {
  const [first, ...rest] = managers;
  const put = (manager: NodeHandle) => ask(manager, question, seconds ?? answerTime(manager));
  const answer = first && (await put(first));
  if (answer !== undefined) return answer;
  const others = await Promise.all(rest.map(put));
  return others.find((other) => other !== undefined);
}

async function ask(
  manager: NodeHandle,
  question: string,
  seconds: number,
): Promise<Answer | undefined> {
  // The node ends it as well: killing the client here would leave the command running there.
  const script = `exec timeout ${seconds} sh -euc ${quoted(question)}`;
  const { code, stdout } = await execOn(manager, script, { timeout: (seconds + 2) * 1000 });
  return code === 0 ? { manager, stdout } : undefined;
}

/** The same, waited for: a manager that is between two leaders answers within half a minute. */
export function someAnswer(managers: readonly NodeHandle[], question: string): Promise<Answer> {
  return waitFor<Answer>(
    "a manager of the lab answers",
    async () => {
      const answer = await askManagers(managers, question);
      if (answer !== undefined) return { done: answer };
      const names = managers.map(({ name }) => name).join(", ");
      return { waiting: `none of ${names} has a quorum` };
    },
    { deadline: 40, interval: 0.5 },
  );
}

/** A manager of a swarm that has a leader, waited for. */
export async function someManager(managers: readonly NodeHandle[]): Promise<NodeHandle> {
  return (await someAnswer(managers, HAS_LEADER)).manager;
}

/**
 * Runs a command that changes an object of the swarm, again while the answer is "update out of sequence": the CLI reads
 * the object and writes it back with its version, and somebody else wrote in between.
 */
export function changeOn(node: NodeHandle, what: string, script: string): Promise<string> {
  return waitFor<string>(
    `${node.name}: ${what}`,
    async () => {
      const result = await execOn(node, script);
      if (result.code === 0) return { done: result.stdout };
      const said = result.stderr.trim();
      return /update out of sequence/.test(said) ? { waiting: said } : { failed: said };
    },
    { deadline: 20, interval: 0.2 },
  );
}

/** What an engine says of its own membership: its state, its error, under which node id, and a manager's cluster id. */
export interface LocalState {
  readonly state: "inactive" | "pending" | "active" | "error" | "locked";
  readonly error: string;
  readonly nodeId: string;
  readonly clusterId: string;
}

/** Prints what `parseLocalState` reads. */
export const LOCAL_STATE = `timeout 10 docker info --format \
'{{.Swarm.LocalNodeState}}\t{{.Swarm.Error}}\t{{.Swarm.NodeID}}\t{{with .Swarm.Cluster}}{{.ID}}{{end}}'`;

/** The same after a command that is over: an engine that is too busy to tell is asked again, and nothing has failed. */
export const STATE_THEN = `{ ${LOCAL_STATE}; } || echo unknown`;

/** Reads `docker info` on a node; undefined when the node or its engine does not answer. */
export async function localState(
  node: Pick<NodeHandle, "connection">,
): Promise<LocalState | undefined> {
  const result = await execOn(node, LOCAL_STATE, { timeout: 12_000 });
  return result.code === 0 ? parseLocalState(result.stdout) : undefined;
}

/** Parses what `LOCAL_STATE` prints; undefined for anything else. */
export function parseLocalState(text: string): LocalState | undefined {
  const [state = "", error = "", nodeId = "", clusterId = ""] = text.replace(/\n$/, "").split("\t");
  switch (state) {
    case "inactive":
    case "pending":
    case "active":
    case "error":
    case "locked":
      return { state, error, nodeId, clusterId };
    default:
      return undefined;
  }
}
