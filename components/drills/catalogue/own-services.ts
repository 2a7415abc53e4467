import type { NodeHandle } from "../../nodes/types.ts";
import type { ContainerSeen, Stage } from "../stage.ts";
import { whileChanged } from "./service-change.ts";

/** Flags of a service that is updated without a gap: a new task answers before an old one goes. */
export const START_FIRST =
  "--update-order start-first --rollback-order start-first --update-monitor 1s --rollback-monitor 1s";

/** Two workers: one that can be lost without the lab's registry, and another to ask from. */
export async function spareWorker(stage: Stage): Promise<readonly [NodeHandle, NodeHandle]> {
  const holders = (await stage.containers())
    .filter(({ service }) => service === "registry")
    .map(({ node }) => node);
  const lost = stage.workers.find(({ name }) => !holders.includes(name));
  const other = stage.workers.find(({ name }) => name !== lost?.name);
  if (lost === undefined || other === undefined) throw new Error("a lab without two workers");
  return [lost, other];
}

/** Puts the drill's label on a node until the end of the drill. */
export async function labelNode(stage: Stage, node: NodeHandle): Promise<string> {
  const label = `drill-${stage.runId}`;
  stage.defer(`the label ${label} goes from ${node.name}`, async () => {
    const labels = `docker node inspect --format '{{json .Spec.Labels}}' ${node.name}`;
    await stage.on(
      await stage.leader(),
      `! ${labels} | grep -q '"${label}"' || docker node update --label-rm ${label} ${node.name} >/dev/null`,
    );
  });
  await stage.on(
    await stage.leader(),
    `docker node update --label-add ${label}=true ${node.name} >/dev/null`,
  );
  return label;
}

/** Sets a node's availability; the end of the drill makes it active again. */
export async function setAvailability(
  stage: Stage,
  node: NodeHandle,
  to: "active" | "pause" | "drain",
): Promise<void> {
  const update = (availability: string) =>
    `docker node update --availability ${availability} ${node.name} >/dev/null`;
  if (to !== "active")
    stage.defer(`${node.name} is active again`, async () => {
      // A drill that has replaced it brings another node of that name.
      const gone = `! docker node inspect ${node.name} >/dev/null 2>&1`;
      await stage.on(await stage.leader(), `${gone} || ${update("active")}`);
    });
  await stage.on(await stage.leader(), update(to));
}

/** How many tasks of a service run on each worker, by the workers' own word. */
export async function spread(stage: Stage, service: string): Promise<Record<string, number>> {
  const running = (await stage.serviceContainers(service)).filter(
    ({ status }) => status === "running",
  );
  const count = (node: string) => running.filter((one) => one.node === node).length;
  return Object.fromEntries(stage.workers.map(({ name }) => [name, count(name)]));
}

/** The images of a service's running tasks, by the nodes' own word. */
export async function runningImages(stage: Stage, service: string): Promise<string[]> {
  return (await stage.serviceContainers(service))
    .filter(({ status }) => status === "running")
    .map(({ image }) => image);
}

/** Fewest and most containers that ran at once between two moments. */
export function runningAtOnce(
  containers: readonly ContainerSeen[],
  { from, to }: { readonly from: number; readonly to: number },
): { readonly least: number; readonly most: number } {
  const moments = containers
    .flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt])
    .filter((at): at is number => at !== null && at > from && at < to);
  const counts = [from, ...moments].map(
    (at) =>
      containers.filter(
        ({ startedAt, finishedAt }) =>
          startedAt !== null && startedAt <= at && (finishedAt === null || finishedAt > at),
      ).length,
  );
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

/**
 * Spreads the lab's own application again that a drill has driven to one node: one task more finds the empty node, and one
 * less goes from the fullest. The service is as it was, which a forced update would leave for much longer.
 */
export function spreadAppAgain(stage: Stage): void {
  stage.defer("the lab's application is spread again", async () => {
    const leader = await stage.leader();
    for (const service of await appsOnOneNode(stage)) {
      const inspect = `docker service inspect --format '{{.Spec.Mode.Replicated.Replicas}}' ${service}`;
      const replicas = Number(await stage.on(leader, inspect));
      const change = { to: `--replicas ${replicas + 1}`, back: `--replicas ${replicas}` };
      await whileChanged(stage, service, change, async () => {
        await stage.tasksRun(service, replicas + 1);
      });
      await stage.tasksRun(service, replicas);
    }
  });
}

async function appsOnOneNode(stage: Stage): Promise<string[]> {
  const hashes = await stage.secretHashes();
  const tasks = (await stage.containers()).filter(({ id }) => id in hashes);
  const services = [...new Set(tasks.map(({ service }) => service))];
  return services.filter((service) => {
    const own = tasks.filter((task) => task.service === service);
    return own.length > 1 && new Set(own.map(({ node }) => node)).size === 1;
  });
}
