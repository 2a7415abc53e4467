import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { appImage } from "./app-tasks.ts";
import {
  deleteManifest,
  forget,
  hostOf,
  loggedIn,
  login,
  push,
  REGISTRY_SERVICE,
  repositoryOf,
} from "./registry-access.ts";

/** The name of the new service, and of its image's tag. */
export const named = (stage: Stage) => `drill-${stage.runId}-new`;

/** An image that only the registry has, and a service of it that does not run yet. */
export async function plant(stage: Stage, like: string, node: NodeHandle): Promise<string> {
  const { username, password } = login(stage);
  const target = `${repositoryOf(like)}:${named(stage)}`;
  const base = await appImage(stage);
  await stage.on(
    node,
    `id=$(docker container create ${base}); docker container commit --change 'LABEL swarm-lab.drill=${stage.runId}' $id ${target} >/dev/null
docker container rm $id >/dev/null`,
  );
  const reference = await push(stage, node, target);
  await stage.on(node, forget(target));
  stage.defer("the new image goes", async () => {
    await stage.try(await stage.leader(), `docker service rm ${named(stage)}`);
    for (const worker of stage.workers)
      await stage.until<true>(`${worker.name} has no task of it`, 60, async () => {
        const { code, stderr } = await stage.try(worker, forget(reference));
        return code === 0 ? { done: true } : { waiting: stderr.trim() };
      });
    await deleteManifest(stage, node, reference);
  });
  const create = `docker service create --quiet --detach --with-registry-auth --replicas 0 --restart-delay 2s \\
--name ${named(stage)} --label swarm-lab.drill=${stage.runId} --stop-grace-period 1s ${reference} >/dev/null`;
  await stage.on(await stage.leader(), loggedIn(username, hostOf(like), create), {
    stdin: password,
  });
  return reference;
}

/** Tasks of other services than the registry. */
export const others = (tasks: readonly TaskContainer[]) =>
  tasks.filter(({ service }) => service !== REGISTRY_SERVICE);

/** Kills a task of the application and waits for the one that takes its place. */
export async function killOne(stage: Stage): Promise<void> {
  const apps = Object.keys(await stage.secretHashes());
  const before = others(await stage.containers());
  const killed = before.find(({ id }) => apps.includes(id));
  const node = stage.workers.find(({ name }) => name === killed?.node);
  if (killed === undefined || node === undefined) throw new Error("no task of the application");
  stage.fact("killed", killed);
  await stage.on(node, `docker kill ${killed.id} >/dev/null`);
  const replacement = await stage.until<TaskContainer>(
    "another task is in its place",
    60,
    async () => {
      const now = others(await stage.containers());
      const fresh = now.find(
        ({ id, service }) => service === killed.service && !before.some((one) => one.id === id),
      );
      return fresh === undefined ? { waiting: `${now.length} tasks run` } : { done: fresh };
    },
  );
  stage.fact("replacement", replacement);
}

/** Waits until the newest task of the service says something. */
export const awaitTask = (stage: Stage, what: string, pattern: RegExp) =>
  stage.until<string>(what, 90, async () => {
    const list = `docker service ps --no-trunc --format '{{.CurrentState}}|{{.Error}}' ${named(stage)}`;
    const lines = (await stage.on(await stage.leader(), list)).split("\n");
    const found = lines.find((line) => pattern.test(line));
    return found === undefined ? { waiting: lines[0] ?? "no task" } : { done: found };
  });
