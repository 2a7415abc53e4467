import type { NodeHandle } from "../../nodes/types.ts";
import { checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { appImage } from "./app-tasks.ts";
import {
  type Catalog,
  catalog,
  deleteManifest,
  forget,
  hostOf,
  loggedIn,
  login,
  push,
  REGISTRY_SERVICE,
  repositoryOf,
  scaleRegistry,
  serviceImages,
} from "./registry-access.ts";
import { ending, type Said, said } from "./said.ts";

interface Facts {
  readonly before: Catalog;
  readonly after: Catalog;
  /** HTTP status that a node gets of the registry, and curl's exit code; 000 where there is no answer. */
  readonly answerBefore: Said;
  readonly answerDown: Said;
  /** Tasks of other services. */
  readonly tasksBefore: readonly TaskContainer[];
  readonly tasksDown: readonly TaskContainer[];
  /** A task that was killed while the registry was down, and the one in its place. */
  readonly killed: TaskContainer;
  readonly replacement: TaskContainer;
  /** Why the task of a new image does not start, and the state it is in once the registry is back. */
  readonly refused: string;
  readonly started: string;
}

const named = (stage: Stage) => `drill-${stage.runId}-new`;

const answer = async (stage: Stage, node: NodeHandle, registry: string) =>
  said(
    await stage.try(
      node,
      `curl -sS --max-time 5 -o /dev/null -w '%{http_code}' --cacert /etc/docker/certs.d/${registry}/ca.crt https://${registry}/v2/`,
    ),
  );

/** An image that only the registry has, and a service of it that does not run yet. */
async function plant(stage: Stage, like: string, node: NodeHandle): Promise<string> {
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

const others = (tasks: readonly TaskContainer[]) =>
  tasks.filter(({ service }) => service !== REGISTRY_SERVICE);

/** Kills a task of the application and waits for the one that takes its place. */
async function killOne(stage: Stage): Promise<void> {
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
const awaitTask = (stage: Stage, what: string, pattern: RegExp) =>
  stage.until<string>(what, 90, async () => {
    const list = `docker service ps --no-trunc --format '{{.CurrentState}}|{{.Error}}' ${named(stage)}`;
    const lines = (await stage.on(await stage.leader(), list)).split("\n");
    const found = lines.find((line) => pattern.test(line));
    return found === undefined ? { waiting: lines[0] ?? "no task" } : { done: found };
  });

async function run(stage: Stage): Promise<void> {
  const [node] = stage.workers;
  if (node === undefined) throw new Error("a lab without a worker");
  const [like = ""] = await serviceImages(stage);
  const registry = hostOf(like);
  stage.phase("plant", "an image that no node has, and a service of it without tasks");
  stage.fact("before", await catalog(stage, node, registry));
  await plant(stage, like, node);
  stage.fact("answerBefore", await answer(stage, node, registry));
  stage.fact("tasksBefore", others(await stage.containers()));
  stage.phase("break", "the registry goes down");
  stage.defer("the registry runs", () => scaleRegistry(stage, 1));
  stage.mark("fault");
  await scaleRegistry(stage, 0);
  stage.phase("prove", "nobody answers; what runs runs on, and what is new does not start");
  stage.fact("answerDown", await answer(stage, node, registry));
  stage.fact("tasksDown", others(await stage.containers()));
  const scale = `docker service scale --detach ${named(stage)}=1 >/dev/null`;
  await stage.on(await stage.leader(), scale);
  await killOne(stage);
  const refused = await awaitTask(stage, "the new task is refused", /^Rejected.*\|.*No such image/);
  stage.fact("refused", refused);
  stage.phase("recover", "the registry comes back");
  await scaleRegistry(stage, 1);
  stage.phase("verify", "the new task starts without anybody's help");
  stage.fact("started", await awaitTask(stage, "the new task runs", /^Running/));
  stage.mark("healed");
  const now = await catalog(stage, node, registry);
  const tag = named(stage);
  const without = (tags: readonly string[]) => tags.filter((one) => one !== tag);
  stage.fact(
    "after",
    Object.fromEntries(Object.entries(now).map(([name, tags]) => [name, without(tags)])),
  );
}

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { killed, replacement } = seen;
  const known = new Set(seen.tasksBefore.map(({ id }) => id));
  return [
    checkThat(
      "the registry answered, and then nobody",
      "401, which is its answer to strangers, then none",
      `${ending(seen.answerBefore)}; ${ending(seen.answerDown)}`,
      seen.answerBefore.text === "401" &&
        seen.answerDown.code !== 0 &&
        /^000/.test(seen.answerDown.text),
    ),
    checkUntouched("tasks that run run on", seen.tasksBefore, seen.tasksDown, { exactly: true }),
    checkThat(
      "a task that dies is replaced from the image its node has",
      `another ${killed.service} than ${killed.id}`,
      `${replacement.service} ${replacement.id} on ${replacement.node}`,
      replacement.service === killed.service && known.has(killed.id) && !known.has(replacement.id),
    ),
    checkThat(
      "a task whose image no node has is refused",
      "Rejected: No such image",
      seen.refused,
      /^Rejected.*\|.*No such image/.test(seen.refused),
    ),
    checkThat(
      "it starts by itself once the registry is back",
      "Running",
      seen.started,
      /^Running/.test(seen.started),
    ),
    checkEqual("the registry has what it had", seen.before, seen.after),
  ];
}

/** The registry is needed when something is new, and not otherwise. */
export const registryDown: Drill = {
  name: "registry-down",
  question:
    "The registry is down. What still works, and what do I have to start by hand afterwards?",
  minutes: 1,
  minimumWrites: 0,
  claims: [
    {
      says: "Without its registry a swarm cannot heal itself.",
      shows:
        "A task that dies is started again from the image its node has; only what is new to a node is refused, and starts by itself when the registry is back.",
      holds: "partly",
    },
  ],
  needs: (ground) =>
    need.all(
      need.workers(ground, 1),
      need.app(ground),
      ground.registry ? undefined : "it has no registry of its own",
    ),
  run,
  judge,
};
