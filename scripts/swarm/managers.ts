import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { waitFor } from "../lib/wait.ts";

/**
 * Looks for a manager whose swarm has a leader, by a request only such a manager answers: `docker node ls`.
 * (`docker info` says ControlAvailable=true on a manager without quorum as well.) The first in the list is asked first,
 * as it nearly always answers; then all others at once. Undefined when none does, which takes twelve seconds at most.
 */
export async function liveManager(
  managers: readonly NodeHandle[],
): Promise<NodeHandle | undefined> {
  const [first, ...rest] = managers;
  if (first !== undefined && (await answers(first))) return first;
  const others = await Promise.all(rest.map(answers));
  return rest[others.indexOf(true)];
}

async function answers(manager: NodeHandle): Promise<boolean> {
  const ask = "timeout 5 docker node ls --quiet";
  return (await execOn(manager, ask, { timeout: 7_000 })).code === 0;
}

/** The same, waited for: a manager that is between two leaders answers within half a minute. */
export function someManager(managers: readonly NodeHandle[]): Promise<NodeHandle> {
  return waitFor<NodeHandle>(
    "a manager of the lab answers",
    async () => {
      const manager = await liveManager(managers);
      if (manager !== undefined) return { done: manager };
      const names = managers.map(({ name }) => name).join(", ");
      return { waiting: `none of ${names} has a quorum` };
    },
    { deadline: 40, interval: 0.5 },
  );
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

/** What an engine says of its own membership: its state, its error, and under which node id. */
export interface LocalState {
  readonly state: "inactive" | "pending" | "active" | "error" | "locked";
  readonly error: string;
  readonly nodeId: string;
}

const FORMAT = "{{.Swarm.LocalNodeState}}\t{{.Swarm.Error}}\t{{.Swarm.NodeID}}";

/** Reads `docker info` on a node; undefined when the node or its engine does not answer. */
export async function localState(node: NodeHandle): Promise<LocalState | undefined> {
  const result = await execOn(node, `timeout 5 docker info --format '${FORMAT}'`, {
    timeout: 7_000,
  });
  return result.code === 0 ? parseLocalState(result.stdout) : undefined;
}

/** Parses one line of `docker info` in the tab-separated form above; undefined for anything else. */
export function parseLocalState(text: string): LocalState | undefined {
  const [state = "", error = "", nodeId = ""] = text.replace(/\n$/, "").split("\t");
  switch (state) {
    case "inactive":
    case "pending":
    case "active":
    case "error":
    case "locked":
      return { state, error, nodeId };
    default:
      return undefined;
  }
}
