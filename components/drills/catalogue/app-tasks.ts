import type { NodeHandle } from "../../nodes/types.ts";
import { PreconditionError } from "../evidence.ts";
import type { StageCore } from "../stage/core.ts";
import type { Stage } from "../stage.ts";
import { whileChanged } from "./service-change.ts";

const IMAGE = `docker ps -q --filter label=com.docker.swarm.service.name | xargs -r docker inspect \\
--format '{{.Image}} {{.Config.Image}}' | sed -n 's|^\\([^ ]*\\) .*/app@.*|\\1|p' | head -n 1`;

/** Id of the application's image, which every worker has: a service that names it by id asks no registry. */
export async function appImage(stage: Pick<StageCore, "workers" | "on" | "try">): Promise<string> {
  const found = await Promise.all(stage.workers.map((node) => stage.on(node, IMAGE)));
  const image = found.find((id) => id !== "");
  if (image === undefined) throw new PreconditionError("no worker runs the lab's application");
  for (const node of stage.workers) {
    const { code } = await stage.try(node, `docker image inspect ${image} >/dev/null`);
    if (code !== 0) throw new PreconditionError(`${node.name} lacks the application's image`);
  }
  return image;
}

/** Services of the lab's application, by the tasks that answer when they are asked for their secret. */
export async function appServices(stage: Stage): Promise<string[]> {
  const hashes = await stage.secretHashes();
  const tasks = (await stage.containers()).filter(({ id }) => id in hashes);
  return [...new Set(tasks.map(({ service }) => service))];
}

const pace = (parallelism: string, monitor: string, order: string) =>
  `--update-parallelism ${parallelism} --update-monitor ${monitor} --update-order ${order}`;

/**
 * Starts the application's tasks anew: they read their secrets from the swarm as it is now, and are spread over the nodes
 * as they are now, which a swarm does not do by itself when a node comes back. All at once, as nothing is asked of the
 * application meanwhile: one after the other, each watched for as long as the service says, takes longer.
 */
export async function startTasksAnew(stage: Stage): Promise<void> {
  const told = "{{with .Spec.UpdateConfig}}{{.Parallelism}} {{.Monitor}} {{.Order}}{{end}}";
  for (const service of await appServices(stage)) {
    const inspect = `docker service inspect --format '${told}' ${service}`;
    // Docker's own defaults, where a service has none.
    const [parallelism = "1", monitor = "5s", order = "stop-first"] = (
      await stage.on(await stage.leader(), inspect)
    )
      .split(" ")
      .filter(Boolean);
    const change = {
      to: `--force ${pace("0", "1s", "stop-first")}`,
      back: pace(parallelism, monitor, order),
    };
    await whileChanged(stage, service, change, async () => {
      await stage.updateEnds(service, ["completed"], 150);
    });
  }
}

/** Removes a volume that no running task uses; containers of tasks that are over hold it still. */
export async function removeVolume(stage: Stage, node: NodeHandle, volume: string): Promise<void> {
  const remove = `docker ps -aq --filter volume=${volume} --filter status=exited --filter status=dead \\
--filter status=created | xargs -r docker rm >/dev/null; docker volume rm --force ${volume} >/dev/null`;
  await stage.until(`volume ${volume} is gone from ${node.name}`, 60, async () => {
    const { code, stderr } = await stage.try(node, remove);
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
}
