import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { COPIES } from "./hot-copies.ts";
import { panicOf, stopsByItself } from "./panics.ts";

/** Nodes, services and secrets that a swarm has, by count. */
export interface Counts {
  readonly nodes: number;
  readonly services: number;
  readonly secrets: number;
}

export const COUNTS =
  "echo $(docker node ls -q | wc -l) $(docker service ls -q | wc -l) $(docker secret ls -q | wc -l)";

export const counted = (line: string): Counts => {
  const [nodes = 0, services = 0, secrets = 0] = line.split(" ").map(Number);
  return { nodes, services, secrets };
};

/** A machine that has the manager's address and a copy of its directory, no way to anybody, and an engine that is stopped. */
export async function onIsolated(
  stage: Stage,
  node: NodeHandle,
  copy: "lucky" | "unlucky",
): Promise<NodeHandle> {
  const spare = await stage.newMachine(node, copy, "isolated");
  await stage.carry(
    node,
    `tar -C ${COPIES}/${copy} -cSpf - swarm`,
    spare,
    "tar -C /var/lib/docker -xpf -",
  );
  return spare;
}

/**
 * Names of the other nodes that take a connection from a machine: managers on 2377; workers, whose engines gossip, on
 * 7946, where a manager that was drained before its engine started need not listen.
 */
async function reached(stage: Stage, from: NodeHandle, except: NodeHandle): Promise<string[]> {
  const others = stage.nodes.filter(({ name }) => name !== except.name);
  const asked = others.map(async ({ name, role, address }) => {
    // Whatever the port says then: the time it took to connect is 0 when it did not.
    const port = role === "manager" ? 2377 : 7946;
    const ask = `curl -s -o /dev/null -w '%{time_connect}' --max-time 4 https://${address}:${port}`;
    const { stdout } = await stage.try(from, ask);
    return Number(stdout) > 0 ? [name] : [];
  });
  return (await Promise.all(asked)).flat();
}

/** Tries the unlucky copy, and keeps what its engine died of. */
export async function unluckyCopy(stage: Stage, node: NodeHandle): Promise<void> {
  const spare = await onIsolated(stage, node, "unlucky");
  await stage.start(spare);
  await stopsByItself(stage, spare);
  stage.fact("panic", panicOf(await stage.engineLog(spare, 400)));
  await stage.removeMachine(spare);
}

/** Keeps how far a machine can reach, and how far the manager whose copy it has. */
export async function askAround(stage: Stage, spare: NodeHandle, node: NodeHandle): Promise<void> {
  stage.fact("reachedFromThere", await reached(stage, spare, node));
  stage.fact("reachedFromHome", await reached(stage, node, node));
}

/** Starts the engine on the copy that a machine has, and makes a swarm of its own of it. */
export async function revive(stage: Stage, spare: NodeHandle, node: NodeHandle): Promise<void> {
  await stage.start(spare);
  await stage.until(`the engine of ${spare.name} answers`, 60, async () => {
    // `docker info --format` ends with 0 without an engine as well.
    const { code, stderr } = await stage.try(
      spare,
      "docker version --format '{{.Server.Version}}'",
    );
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
  await stage.on(
    spare,
    `docker swarm init --force-new-cluster --advertise-addr ${node.address} >/dev/null`,
    { seconds: 90 },
  );
  await stage.until(`${spare.name} leads`, 60, async () => {
    const { code, stderr } = await stage.try(spare, "docker node ls -q >/dev/null");
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
}

/** Keeps what the swarm of a machine has: nothing, where no engine runs. */
export async function keepWhatItHas(stage: Stage, spare: NodeHandle): Promise<void> {
  const counts = await stage.try(spare, COUNTS);
  const cluster = await stage.try(spare, "docker info --format '{{.Swarm.Cluster.ID}}'");
  stage.fact("lucky", { ...counted(counts.stdout.trim()), clusterId: cluster.stdout.trim() });
}
