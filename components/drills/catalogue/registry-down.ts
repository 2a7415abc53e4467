import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { catalog, hostOf, scaleRegistry, serviceImages } from "./registry-access.ts";
import { judgeRegistryDown } from "./registry-down-judge.ts";
import { awaitTask, killOne, named, others, plant } from "./registry-down-tasks.ts";
import { said } from "./said.ts";

const answer = async (stage: Stage, node: NodeHandle, registry: string) =>
  said(
    await stage.try(
      node,
      `curl -sS --max-time 5 -o /dev/null -w '%{http_code}' --cacert /etc/docker/certs.d/${registry}/ca.crt https://${registry}/v2/`,
    ),
  );

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

/** The registry is needed when something is new, and not otherwise. */
export const registryDown: Drill = {
  name: "registry-down",
  question:
    "The registry is down. What still works, and what do I have to start by hand afterwards?",
  minutes: 0.5,
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
  judge: judgeRegistryDown,
};
