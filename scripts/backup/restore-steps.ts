import type { Readable } from "node:stream";
import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import type { Manifest } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { onDisk, writeTo } from "../../components/nodes/disk.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import { enginePower, startEngine, stopEngine } from "../../components/nodes/power.ts";
import { quoted } from "../../components/nodes/quote.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseNodes } from "../../components/swarm/node-list.ts";
import { waitFor } from "../lib/wait.ts";
import { awaitServices, updated } from "../swarm/await-services.ts";
import { moveAside, SWARM } from "../swarm/rejoin.ts";
import { awaitEngine } from "./engine.ts";
import { awaitLead } from "./restore-workers.ts";

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

const INIT = `answer=$(curl -sS --fail-with-body --max-time 90 --unix-socket /var/run/docker.sock \\
  -H 'Content-Type: application/json' -d "$BODY" http://engine/swarm/init) || { echo "$answer" >&2; exit 1; }`;

/** What a forced cluster is told: the manager's address, and how often its CA had been rotated. */
export interface ForcedCluster {
  readonly address: string;
  readonly settings: Pick<SwarmFingerprint["settings"], "forceRotate">;
}

/**
 * Starts the engine of a restored manager apart from its swarm: without `docker-state.json` it does not start as the member
 * it was (moby, Cluster.Start), which takes twenty seconds when nobody answers, and would be a voice too many when
 * somebody does. All else that makes it that member stays, and a forced cluster begins from it.
 */
export async function startApart(node: NodeHandle): Promise<void> {
  const state = `${SWARM}/docker-state.json`;
  const script = `[ ! -e ${state} ] || mv ${state} ${state}.before; sync`;
  await onDisk(node, "keeping its engine apart", script);
  await startEngine(node);
}

/**
 * Makes a manager the only one: the swarm begins anew with the same cluster id, node id, keys and objects. What
 * `docker swarm init --force-new-cluster` does, through the API: the command line sets the count of CA rotations to 0
 * (moby, convert.MergeSwarmSpecToGRPC), and where one was ever asked for, the swarm would begin another, with new tokens
 * and a root CA that no worker has. Takes 10 to 19 s where the log begins with a snapshot of more members: the engine
 * looks before it has applied their removal whether it is alone, and then waits for an election (swarmkit, raft.go, Run).
 */
export async function forceNewCluster(
  node: NodeHandle,
  { address, settings }: ForcedCluster,
): Promise<void> {
  if ((await enginePower(node)) !== "on") await startApart(node);
  await awaitEngine(node, 90);
  const alone = await execOn(
    node,
    `timeout 8 docker node ls --format '{{.ManagerStatus}}' | grep -c .`,
  );
  if (alone.code === 0 && alone.stdout.trim() === "1") return; // an earlier run came this far
  const body = {
    ...{ ForceNewCluster: true, ListenAddr: "0.0.0.0:2377", AdvertiseAddr: address },
    Spec: { CAConfig: { ForceRotate: settings.forceRotate } },
  };
  const env = { BODY: JSON.stringify(body) };
  await runOn(node, "swarm init --force-new-cluster", INIT, { env, timeout: 100_000 });
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

/** Switches autolock on again, which `--force-new-cluster` switched off without a word, and returns the new key. */
export async function restoreAutolock(via: NodeHandle): Promise<string> {
  const script = "docker swarm update --autolock=true >/dev/null; docker swarm unlock-key -q";
  return (await runOn(via, "switching autolock on", script)).trim();
}

/** Starts the tasks of a service anew. A task that outlived the disaster proves nothing about secrets: its files are older. */
export async function recreateTasks(via: NodeHandle, service: string): Promise<void> {
  const script = `docker service update --force --detach --quiet ${quoted(service)} >/dev/null`;
  const { code, stderr } = await execOn(via, script);
  if (code !== 0) throw new UserError(`${via.name}: service ${service}: ${stderr.trim()}`);
  await awaitServices(via, [service], { done: updated, seconds: 150 });
}
