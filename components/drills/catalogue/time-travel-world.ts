import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";

/** Services of the drill: one that was there when the backup was made, and one that came later. */
export const OLD = "drill-old";
export const LATE = "drill-late";

export interface Services {
  readonly listed: readonly string[];
  readonly secrets: readonly string[];
  /** Containers on the worker that stayed. */
  readonly containers: Readonly<Record<string, number>>;
}

const named = (name: string) => `docker ps -q --filter label=com.docker.swarm.service.name=${name}`;

/** Containers of a service on one node. */
export async function count(stage: Stage, node: NodeHandle, name: string): Promise<number> {
  return Number(await stage.on(node, `${named(name)} | wc -l`));
}

/** What is there of the drill: services, secrets, and containers on the worker that stayed. */
export async function world(stage: Stage, stayed: NodeHandle): Promise<Services> {
  const [via, filter] = [await stage.leader(), `--filter label=swarm-lab.drill=${stage.runId}`];
  const list = async (what: string) => {
    const text = await stage.on(via, `docker ${what} ls ${filter} --format '{{.Name}}'`);
    return text.split("\n").filter(Boolean).sort();
  };
  const [old, late] = [await count(stage, stayed, OLD), await count(stage, stayed, LATE)];
  return {
    ...{ listed: await list("service"), secrets: await list("secret") },
    containers: { [OLD]: old, [LATE]: late },
  };
}

/** Status by node id, as the swarm lists its nodes. */
export async function entries(stage: Stage): Promise<Record<string, string>> {
  const list = await stage.on(
    await stage.leader(),
    "docker node ls --format '{{.ID}} {{.Status}}'",
  );
  return Object.fromEntries(list.split("\n").map((line) => line.split(" ") as [string, string]));
}

export const nodeId = (stage: Stage, node: NodeHandle) =>
  stage.on(node, "docker info --format '{{.Swarm.NodeID}}'");

/** Runs on every worker, so that the one that stays has a task as well. */
export async function createService(
  stage: Stage,
  name: string,
  image: string,
  more = "",
): Promise<void> {
  const label = `swarm-lab.drill=${stage.runId}`;
  await stage.on(
    await stage.leader(),
    `docker service create --quiet --detach=false --no-resolve-image --mode global --name ${name} --label ${label} \\
--constraint node.role==worker --stop-grace-period 3s ${more} ${image} >/dev/null`,
    { seconds: 90 },
  );
}

/** Removes all services and secrets of the drill. */
export async function removeServices(stage: Stage): Promise<void> {
  const [via, filter] = [await stage.leader(), `--filter label=swarm-lab.drill=${stage.runId}`];
  for (const what of ["service", "secret"])
    await stage.on(via, `docker ${what} ls -q ${filter} | xargs -r docker ${what} rm >/dev/null`);
}
