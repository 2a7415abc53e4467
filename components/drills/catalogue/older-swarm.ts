import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { backAsManager, listed } from "./members.ts";

/** A machine of another swarm beside the lab, and the node of the lab that it is made like. */
export interface OlderNode {
  readonly node: NodeHandle;
  readonly like: NodeHandle;
}

/** Three managers and a worker whose engine is that of the Debian release before, and a service of two tasks on them. */
export interface OlderSwarm {
  readonly managers: readonly OlderNode[];
  readonly worker: OlderNode;
  readonly service: string;
}

/** What a manager lists of a node: id, name, engine, and its standing in words. */
export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly standing: string;
}

const IMAGE = "drill-sleeper";

/** An image of one program and its libraries: the machine is in no lab whose registry it could ask. */
const MAKE_IMAGE = `tar -chf - /usr/bin/sleep $(ldd /usr/bin/sleep | grep -o '/[^ ]*') 2>/dev/null |
docker import - ${IMAGE} >/dev/null`;

/** Whether the image is on a machine's disk: 1 or 0. */
export const COUNT_IMAGE = `docker image ls --quiet ${IMAGE} | wc -l`;

/** Makes one and starts it: an address counts as taken only once its machine runs. */
async function older(stage: Stage, like: NodeHandle): Promise<OlderNode> {
  const node = await stage.oldMachine(like, "old");
  await stage.start(node);
  await stage.on(node, "wait-engine 60", { seconds: 70 });
  await stage.on(node, MAKE_IMAGE);
  return { node, like };
}

/** Makes the machines, and a swarm of them: the lab's own goes on as it is. */
export async function makeOlderSwarm(stage: Stage): Promise<OlderSwarm> {
  const [likeWorker] = stage.workers;
  if (likeWorker === undefined) throw new Error("a lab without a worker");
  const managers: OlderNode[] = [];
  for (const like of stage.managers.slice(0, 3)) managers.push(await older(stage, like));
  const worker = await older(stage, likeWorker);
  const [first, ...others] = managers.map(({ node }) => node);
  if (first === undefined) throw new Error("a lab without a manager");
  await stage.on(first, `docker swarm init --advertise-addr ${first.address} >/dev/null`);
  for (const node of others) {
    await stage.joinBeside(node, "active", [first]);
    await backAsManager(stage, first, node);
  }
  await stage.joinBeside(worker.node, "active", [first]);
  await listed(stage, first, worker.node.name, / Ready$/);
  const service = `drill-${stage.runId}-tick`;
  await stage.on(
    first,
    `docker service create --quiet --detach --no-resolve-image --name ${service} --replicas 2 \\
--restart-delay 1s --stop-grace-period 1s ${IMAGE} /usr/bin/sleep 100000 >/dev/null`,
  );
  return { managers, worker, service };
}

const LIST =
  "docker node ls --format '{{.ID}},{{.Hostname}},{{.EngineVersion}},{{.Status}} {{.ManagerStatus}}'";

/** All nodes as a manager lists them, by name. */
export async function seen(stage: Stage, via: NodeHandle): Promise<Seen[]> {
  const lines = (await stage.on(via, LIST)).split("\n");
  return lines
    .map((line) => {
      const [id = "", name = "", engine = "", standing = ""] = line.split(",");
      return { id, name, engine, standing: standing.trim() };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** How many tasks of a service run. */
export async function running(stage: Stage, via: NodeHandle, service: string): Promise<number> {
  const ask = `docker service ps --filter desired-state=running --format '{{.CurrentState}}' ${service}`;
  return (await stage.on(via, ask)).split("\n").filter((line) => line.startsWith("Running")).length;
}

/** Waits until both tasks of the service run. */
export const allRun = (stage: Stage, via: NodeHandle, service: string) =>
  stage.until<number>(`2 tasks of ${service} run`, 90, async () => {
    const count = await running(stage, via, service);
    return count === 2 ? { done: count } : { waiting: `${count} run` };
  });
