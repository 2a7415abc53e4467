import type { Readable } from "node:stream";
import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import type { Manifest } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { onDisk, writeTo } from "../../components/nodes/disk.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { enginePower, startEngine, stopEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseNodes } from "../../components/swarm/node-list.ts";
import { waitFor } from "../lib/wait.ts";
import { invitation, join } from "../swarm/join.ts";
import { askManagers } from "../swarm/managers.ts";
import { applyNodeSpec } from "../swarm/node-spec.ts";
import { awaitEngine, awaitReachable } from "./engine.ts";
import { awaitLead } from "./restore-workers.ts";

const SWARM = "/var/lib/docker/swarm";

/** Moves a node's swarm directory aside, never deletes it. The engine must be off. */
const moveAside = (stamp: string) =>
  `[ ! -e ${SWARM} ] || mv ${SWARM} ${SWARM}.before-${stamp}; sync`;

/** Puts the archive's directory where the engine looks for it. Killed at any moment, it can be done again. */
export async function placeArchive(
  node: NodeHandle,
  archive: Readable,
  stamp: string,
): Promise<void> {
  await stopEngine(node);
  const script = `rm -rf ${SWARM}.restoring; mkdir -m 0700 ${SWARM}.restoring
tar -C ${SWARM}.restoring -xpzf -; [ -f ${SWARM}.restoring/swarm/docker-state.json ]`;
  await writeTo(node, "unpacking the archive", script, archive);
  const swap = `${moveAside(stamp)}; mv ${SWARM}.restoring/swarm ${SWARM}; rmdir ${SWARM}.restoring; sync`;
  await onDisk(node, "putting the archive in place", swap);
}

/**
 * Makes the restored manager the only one. Its engine starts into the old quorum, which nobody answers, and says so after
 * twenty seconds; then the swarm begins anew with the same cluster id, node id, keys and objects.
 */
export async function forceNewCluster(node: NodeHandle, address: string): Promise<void> {
  if ((await enginePower(node)) !== "on") await startEngine(node);
  await awaitEngine(node, 90);
  const alone = await execOn(
    node,
    `timeout 8 docker node ls --format '{{.ManagerStatus}}' | grep -c .`,
  );
  if (alone.code === 0 && alone.stdout.trim() === "1") return; // an earlier run came this far
  const force = `timeout 90 docker swarm init --force-new-cluster --advertise-addr ${address} >/dev/null`;
  await runOn(node, "swarm init --force-new-cluster", force, { timeout: 100_000 });
  await awaitLead(node);
}

const LIST = "timeout 8 docker node ls --format '{{json .}}'";

/** The managers there were, and which of them is left. */
interface OldManagers {
  readonly node: Pick<Manifest["node"], "id">;
  readonly managers: readonly Pick<Manifest["node"], "id" | "name">[];
}

/** Removes the entries of the old managers: they exist no more, and demoting them is refused ("can't find manager"). */
export async function removeGhosts(
  via: NodeHandle,
  { node, managers }: OldManagers,
): Promise<string[]> {
  const removed: string[] = [];
  const entries = parseNodes(await runOn(via, "listing nodes", LIST));
  for (const { id, name } of managers) {
    if (id === node.id) continue;
    const entry = entries.find((one) => one.id === id);
    if (entry === undefined || entry.managerStatus !== "") continue;
    await waitFor(
      `the entry of the old ${name} is removed`,
      async () => {
        const { code, stderr } = await execOn(via, `docker node rm --force ${id}`);
        return code === 0 || /not found/.test(stderr) ? { done: true } : { waiting: stderr.trim() };
      },
      { deadline: 60, interval: 1 },
    );
    removed.push(name);
  }
  return removed;
}

/** Lets a manager join anew, as an empty one: its old log belongs to a swarm that is no more. */
export async function rejoinManager(
  node: NodeHandle,
  via: NodeHandle,
  wanted: SwarmFingerprint["nodes"][number] | undefined,
  stamp: string,
): Promise<void> {
  const inSwarm = async () => {
    const listed = await execOn(via, LIST, { timeout: 10_000 });
    return parseNodes(listed.stdout).find(
      ({ hostname, managerStatus }) => hostname === node.name && managerStatus !== "",
    );
  };
  if ((await inSwarm()) === undefined) {
    const power = await enginePower(node);
    const state = power === "on" ? (await awaitEngine(node)).state : undefined;
    if (state !== "inactive") {
      await stopEngine(node);
      await onDisk(node, "moving its old swarm directory aside", moveAside(stamp));
      await startEngine(node);
      await awaitEngine(node);
    }
    const invited = await askManagers([via], invitation("manager"));
    if (invited === undefined)
      throw new UserError(`${via.name}: the restored manager lost its quorum`);
    await join(node, invited, {
      availability: wanted?.availability ?? "active",
      removeGhosts: true,
    });
  }
  await awaitReachable(node, [via]);
  const entry = await inSwarm();
  if (entry === undefined || wanted === undefined) return;
  const availability = wanted.availability as "active" | "pause" | "drain";
  await applyNodeSpec(via, entry.id, { availability, labels: wanted.labels });
}

/**
 * Lets a worker that left join anew, as the node it was: its old entry goes, its labels and availability come back. A
 * worker that is still in some swarm leaves it first, and so stops the tasks that nobody can call back any more.
 */
export async function rejoinWorker(
  node: NodeHandle,
  via: NodeHandle,
  wanted: SwarmFingerprint["nodes"][number],
): Promise<void> {
  if ((await awaitEngine(node)).state !== "inactive")
    await runOn(node, "leaving its old swarm", "timeout 60 docker swarm leave --force >/dev/null");
  const invited = await askManagers([via], invitation("worker"));
  if (invited === undefined) throw new UserError(`${via.name}: it has no quorum`);
  const availability = wanted.availability as "active" | "pause" | "drain";
  const state = await join(node, invited, { availability, removeGhosts: true });
  const { nodeId } = state?.nodeId ? state : await awaitEngine(node);
  await waitFor(
    `${node.name} is Ready`,
    async () => {
      const entries = parseNodes((await execOn(via, LIST, { timeout: 10_000 })).stdout);
      const status = entries.find(({ id }) => id === nodeId)?.status ?? "not in the list";
      return status === "Ready" ? { done: true } : { waiting: `it is ${status}` };
    },
    { deadline: 60, interval: 0.5 },
  );
  await applyNodeSpec(via, nodeId, { availability, labels: wanted.labels });
}

/** Switches autolock on again, which `--force-new-cluster` switched off without a word, and returns the new key. */
export async function restoreAutolock(via: NodeHandle): Promise<string> {
  const script = "docker swarm update --autolock=true >/dev/null; docker swarm unlock-key -q";
  return (await runOn(via, "switching autolock on", script)).trim();
}

/** Starts the tasks of a service anew. A task that outlived the disaster proves nothing about secrets: its files are older. */
export async function recreateTasks(via: NodeHandle, service: string): Promise<void> {
  const script = `timeout 150 docker service update --force --detach=false --quiet '${service}' >/dev/null`;
  const { code, stderr } = await execOn(via, script, { timeout: 160_000 });
  if (code !== 0 && code !== 124)
    throw new UserError(`${via.name}: service ${service}: ${stderr.trim()}`);
}
