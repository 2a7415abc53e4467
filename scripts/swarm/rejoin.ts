import { UserError } from "../../components/errors.ts";
import { onDisk } from "../../components/nodes/disk.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { enginePower, startEngine, stopEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { awaitEngine, awaitReachable } from "../backup/engine.ts";
import { waitFor } from "../lib/wait.ts";
import { invitation, join } from "./join.ts";
import { askManagers } from "./managers.ts";
import { applyNodeSpec } from "./node-spec.ts";

/** What a node that joins anew is to be, as a fingerprint or a recorded member has it. */
export interface Wanted {
  readonly availability: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where an engine keeps what it knows of its swarm. */
export const SWARM = "/var/lib/docker/swarm";

const LIST = "timeout 8 docker node ls --format '{{json .}}'";

/** Moves a node's swarm directory aside, never deletes it. The engine must be off. */
export const moveAside = (stamp: string) =>
  `[ ! -e ${SWARM} ] || mv ${SWARM} ${SWARM}.before-${stamp}; sync`;

async function listed(via: NodeHandle): Promise<NodeEntry[]> {
  return parseNodes((await execOn(via, LIST, { timeout: 10_000 })).stdout);
}

const spec = ({ availability, labels }: Wanted) => ({
  availability: availability as "active" | "pause" | "drain",
  labels,
});

/**
 * Lets a manager join anew, as an empty one: its old log belongs to a swarm that is no more, or knows it no more. One that
 * is a member under its own id already stays as it is; an entry of its name alone may be that of a former life.
 */
export async function rejoinManager(
  node: NodeHandle,
  via: NodeHandle,
  wanted: Wanted | undefined,
  stamp: string,
): Promise<void> {
  const state = (await enginePower(node)) === "on" ? await awaitEngine(node) : undefined;
  const isMember = (await listed(via)).some(
    ({ id, managerStatus }) => id === state?.nodeId && managerStatus !== "",
  );
  if (!isMember) {
    if (state?.state !== "inactive") {
      await stopEngine(node);
      await onDisk(node, "moving its old swarm directory aside", moveAside(stamp));
      await startEngine(node);
      await awaitEngine(node);
    }
    const invited = await askManagers([via], invitation("manager"));
    if (invited === undefined)
      throw new UserError(`${via.name}: it lost its quorum before ${node.name} joined`);
    const availability = wanted?.availability ?? "active";
    await join(node, invited, { availability, removeGhosts: true });
  }
  await awaitReachable(node, [via]);
  const { nodeId } = await awaitEngine(node);
  if (wanted !== undefined) await applyNodeSpec(via, nodeId, spec(wanted));
}

/**
 * Lets a worker that left join anew, as the node it was: its old entry goes, its labels and availability come back. A
 * worker that is still in some swarm leaves it first, and so stops the tasks that nobody can call back any more.
 */
export async function rejoinWorker(
  node: NodeHandle,
  via: NodeHandle,
  wanted: Wanted,
): Promise<void> {
  if ((await awaitEngine(node)).state !== "inactive")
    await runOn(node, "leaving its old swarm", "timeout 60 docker swarm leave --force >/dev/null");
  const invited = await askManagers([via], invitation("worker"));
  if (invited === undefined) throw new UserError(`${via.name}: it has no quorum`);
  const { availability } = wanted;
  const state = await join(node, invited, { availability, removeGhosts: true });
  const { nodeId } = state?.nodeId ? state : await awaitEngine(node);
  await waitFor(
    `${node.name} is Ready`,
    async () => {
      const status =
        (await listed(via)).find(({ id }) => id === nodeId)?.status ?? "not in the list";
      return status === "Ready" ? { done: true } : { waiting: `it is ${status}` };
    },
    { deadline: 60, interval: 0.5 },
  );
  await applyNodeSpec(via, nodeId, spec(wanted));
}
