import { writeFile } from "node:fs/promises";
import { appImage } from "../../../components/drills/catalogue/app-tasks.ts";
import type {
  ServiceSeen,
  StageServices,
  TaskSeen,
} from "../../../components/drills/stage/services.ts";
import { execOn, runOn } from "../../../components/nodes/exec.ts";
import { quoted } from "../../../components/nodes/quote.ts";
import type { NodeHandle } from "../../../components/nodes/types.ts";
import { spareImage } from "../../../components/swarm/spare-images.ts";
import { WaitError, waitFor } from "../../lib/wait.ts";
import { askManagers, someAnswer, someManager } from "../../swarm/managers.ts";
import { bringSpareImage } from "../../swarm/spare-images.ts";
import { GOSSIP } from "../lab-health.ts";
import { LOAD, readLoad } from "../load.ts";
import { type StageContext, sayBelow } from "./context.ts";
import { releaseScript, removeImages } from "./release.ts";
import {
  listContainers,
  listTasks,
  parseContainers,
  parseService,
  parseTasks,
} from "./task-list.ts";
import { updateLook, withTroubles } from "./updates.ts";

/** Seconds of a task of the drill: between two health checks, until it is restarted, and until it is killed. */
const QUICK = `--health-cmd healthcheck --health-interval 1s --health-timeout 3s --health-retries 3 \
--restart-delay 1s --stop-grace-period 5s`;

/** Over commands on nodes alone. */
export function stageServices({ core, description, record }: StageContext): StageServices {
  const { managers, workers, runId } = core;
  let client: { readonly node: NodeHandle; readonly name: string } | undefined;
  let image: string | undefined;
  const holders = [...workers];
  const releases = new Set<string>();
  let promised = false;
  /** Once for all of them: images can only go when nothing runs them. */
  const leaveNothing = () => {
    if (promised) return;
    promised = true;
    core.defer("the drill's services and releases go", async () => {
      const own = `docker service ls --quiet --filter label=swarm-lab.drill=${runId}`;
      await runOn(
        await someManager(managers),
        "removing services",
        `${own} | xargs -r docker service rm`,
      );
      const images = [...releases].join(" ");
      if (images !== "") await Promise.all(workers.map((node) => removeImages(node, images)));
    });
  };

  const ask = async (question: string) => (await someAnswer(managers, question)).stdout;
  const ownImage = async () => {
    image ??= await appImage(core);
    return image;
  };
  const create = async (name: string, flags: string, tail: string) => {
    const leader = await core.leader();
    const app = description.app?.service ?? "app";
    leaveNothing();
    const network = `$(docker service inspect --format '{{(index .Spec.TaskTemplate.Networks 0).Target}}' ${app})`;
    await core.on(
      leader,
      `docker service create --quiet --detach --no-resolve-image --name ${name} \\
--label swarm-lab.drill=${runId} --network ${network} --endpoint-mode dnsrr ${flags} ${tail} >/dev/null`,
    );
    return name;
  };

  const tasks: StageServices["tasks"] = async (name) => parseTasks(await ask(listTasks(name)));
  const containersOn = async (node: NodeHandle, name: string) => {
    const { code, stdout } = await execOn(node, listContainers(name), { timeout: 20_000 });
    return code === 0 ? parseContainers(node.name, stdout) : [];
  };
  const serviceContainers: StageServices["serviceContainers"] = async (name) =>
    (await Promise.all(holders.map((node) => containersOn(node, name)))).flat();
  const service: StageServices["service"] = async (name) =>
    parseService(await ask(`docker service inspect --format '{{json .}}' ${name}`));

  return {
    service,
    tasks,
    serviceContainers,
    alsoRuns: (node) => void holders.push(node),
    async startService(suffix, { replicas, flags = "", image: wanted }) {
      const name = `drill-${runId}-${suffix}`;
      const mode = replicas === "global" ? "--mode global" : `--replicas ${replicas}`;
      const told = `--env 'TASK={{.Task.Name}}' --env 'NODE={{.Node.Hostname}}' --env SERVICE=${name}`;
      return create(name, `${mode} ${QUICK} ${told} ${flags}`, wanted ?? (await ownImage()));
    },
    tasksRun: (name, count, { seconds = 60, node } = {}) =>
      core.step(null, `docker service ps ${name}  # ${count} run`, () =>
        waitFor<TaskSeen[]>(
          `${count} tasks of ${name} run${node === undefined ? "" : ` on ${node}`}`,
          async () => {
            const answer = await askManagers(managers, listTasks(name));
            if (answer === undefined) return { waiting: "no manager with a quorum answers" };
            const wanted = parseTasks(answer.stdout).filter(({ desired }) => desired === "running");
            const up = wanted.filter(({ state }) => state === "running");
            const trouble = wanted.find(({ error }) => error !== "")?.error ?? "no error";
            if (wanted.length !== count || up.length !== count)
              return { waiting: `${up.length} of ${wanted.length} wanted run; ${trouble}` };
            const away = node === undefined ? undefined : up.find((task) => task.node !== node);
            if (away !== undefined) return { waiting: `one runs on ${away.node}` };
            const alive = (await serviceContainers(name)).filter((one) => one.status === "running");
            const said = alive.map((one) => `${one.task} is ${one.health} on ${one.node}`);
            const known = new Set(up.map(({ id, node: where }) => `${id} is healthy on ${where}`));
            if (alive.length !== count || !said.every((one) => known.has(one)))
              return { waiting: `the nodes say: ${said.join("; ") || "none"}` };
            return { done: up };
          },
          { deadline: seconds, interval: 0.3 },
        ),
      ),
    updateEnds: (name, states, seconds = 90) =>
      core.step(null, `docker service inspect ${name}  # until ${states.join(" or ")}`, () =>
        waitFor<ServiceSeen>(
          `the update of ${name} is ${states.join(" or ")}`,
          async () => {
            const look = updateLook(states, await service(name));
            if (!("failed" in look)) return look;
            const [ended, containers] = [await tasks(name), await serviceContainers(name)];
            return withTroubles(look, ended, containers);
          },
          { deadline: seconds, interval: 0.3 },
        ),
      ),
    async release(version, { env = {}, dies } = {}) {
      const script = releaseScript(await ownImage(), {
        env: { VERSION: version, ...env },
        ...(dies === undefined ? {} : { dies }),
      });
      const typed = `docker image pull app:${version}`;
      const ids = await Promise.all(
        workers.map((node) =>
          core.step(node, typed, () => runOn(node, `loading release ${version}`, script)),
        ),
      );
      const [id = "", ...others] = ids.map((one) => one.trim());
      if (others.some((one) => one !== id))
        throw new WaitError(`release ${version}: the workers have ${ids.join(" and ")}`);
      releases.add(id);
      leaveNothing();
      return id;
    },
    bringImage: (name, node) =>
      core.step(node, `docker image load  # ${spareImage(name)}`, () =>
        bringSpareImage(name, [node], { engine: description.engine, say: sayBelow(record) }),
      ),
    async startLoad(from, services) {
      const name = await create(
        `drill-${runId}-client`,
        `--replicas 1 --constraint node.hostname==${from.name} --stop-grace-period 1s --entrypoint sh`,
        `${await ownImage()} -c ${quoted(LOAD)} load ${services.join(" ")}`,
      );
      client = { node: from, name };
      // A task of another node is known here once the gossip has told of it, which is not when it runs.
      await waitFor(
        "the client hears of every task",
        async () => {
          const answered = (await readLoad(from, name)).filter(({ failed }) => !failed);
          const unheard = async (one: string) => {
            const mine = answered.filter(({ service }) => service === one);
            const running = (await tasks(one)).filter(({ state }) => state === "running");
            const silent = running.filter(
              ({ id }) => !mine.some((each) => each.task?.endsWith(id)),
            );
            return mine.length < 5 || silent.length > 0
              ? [`${one} (${silent.length} of ${running.length} tasks, ${mine.length} answers)`]
              : [];
          };
          const missing = (await Promise.all(services.map(unheard))).flat();
          return missing.length === 0
            ? { done: true }
            : { waiting: `silent: ${missing.join(", ")}` };
        },
        { deadline: GOSSIP, interval: 0.3 },
      );
    },
    async endLoad() {
      if (client === undefined) throw new WaitError("no client asks anything");
      const { node, name } = client;
      client = undefined;
      const load = await core.step(node, `docker logs ${name}`, () => readLoad(node, name));
      await writeFile(record.file("load.json"), JSON.stringify(load), { mode: 0o600 });
      await core.on(await core.leader(), `docker service rm ${name} >/dev/null`);
      return load;
    },
  };
}
