import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { appImage } from "./app-tasks.ts";

/** Where an image lies on a node's disk until it is loaded. */
const IMAGE_FILE = "/var/lib/docker/drill-everywhere.tar";

/** A service of the application with a task on every active node. */
export interface Everywhere {
  readonly service: string;
  /** Makes all managers active, and returns once a task runs on every node of the lab. */
  run(): Promise<void>;
  /** Gives managers the availability back that they had at first. */
  asBefore(managers: readonly NodeHandle[]): Promise<void>;
}

/** What the service needs where no task of the application ever ran; it goes at the end of the drill. */
async function carryImage(stage: Stage, image: string): Promise<void> {
  const [worker] = stage.workers;
  if (worker === undefined) throw new Error("a lab without workers");
  const there = `docker image inspect ${image} >/dev/null 2>&1`;
  for (const node of stage.managers) {
    if ((await stage.try(node, there)).code === 0) continue;
    stage.defer(`the application's image goes from ${node.name}`, async () => {
      // Off is a machine only when the drill has failed: that it has one image more harms nobody then.
      if (!(await stage.isOn(node))) return;
      // Containers of a service that is gone go a moment later.
      await stage.until(`it is gone from ${node.name}`, 60, async () => {
        const gone = await stage.try(node, `! ${there} || docker image rm ${image} >/dev/null`);
        return gone.code === 0 ? { done: true } : { waiting: gone.stderr.trim() };
      });
    });
    await stage.carry(worker, `docker image save ${image}`, node, `cat >${IMAGE_FILE}`);
    await stage.on(node, `docker image load --quiet <${IMAGE_FILE} >/dev/null; rm ${IMAGE_FILE}`);
  }
}

/**
 * Starts a service by which each node can be asked for its own view of the overlay, which only a task of it can tell.
 * Managers are drained as a rule: `besides` are made active for it. Returns once it runs there and on the workers.
 */
export async function startEverywhere(
  stage: Stage,
  besides: readonly NodeHandle[],
): Promise<Everywhere> {
  const known = (await stage.fingerprint()).nodes;
  const set = async (nodes: readonly NodeHandle[], to: (node: NodeHandle) => string) => {
    const lines = nodes.map((node) => `docker node update --availability ${to(node)} ${node.name}`);
    await stage.on(await stage.leader(), lines.join("\n"));
  };
  const active = () => "active";
  const asBefore = (managers: readonly NodeHandle[]) =>
    set(managers, (node) => {
      const was = known.find(({ hostname }) => hostname === node.name);
      if (was === undefined) throw new Error(`the swarm did not list ${node.name}`);
      return was.availability;
    });
  // What is promised first comes last: an image goes when the service has gone.
  const image = await appImage(stage);
  await carryImage(stage, image);
  stage.defer("the managers' availability is what it was", () => asBefore(stage.managers));
  await set(besides, active);
  for (const node of stage.managers) stage.alsoRuns(node);
  const service = await stage.startService("everywhere", { replicas: "global", image });
  await stage.tasksRun(service, stage.workers.length + besides.length);
  return {
    service,
    asBefore,
    async run() {
      await set(stage.managers, active);
      await stage.tasksRun(service, stage.managers.length + stage.workers.length);
    },
  };
}
