import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, type LoadRequest, loadInWords, outage } from "../load.ts";
import type { ContainerSeen, Stage, TaskSeen } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { spareWorker, spread, spreadAppAgain } from "./own-services.ts";

const REPLICAS = 4;
/** Seconds that a returned node gets to take tasks back. */
const PATIENCE = 6;

interface Facts {
  readonly node: string;
  readonly other: string;
  readonly nodeId: readonly [string, string];
  readonly name: string;
  readonly before: Readonly<Record<string, number>>;
  /** What `docker service ls` said right after the loss, and how many containers the living nodes ran then. */
  readonly claimed: string;
  readonly alive: number;
  readonly replaced: readonly TaskSeen[];
  readonly listed: readonly TaskSeen[];
  readonly after: readonly ContainerSeen[];
  readonly load: readonly LoadRequest[];
}

const STATUS = "docker node ls --format '{{.Hostname}} {{.Status}}'";

async function statusOf(stage: Stage, node: string): Promise<string> {
  const { stdout, stderr } = await stage.try(await stage.leader(), STATUS);
  const line = stdout.split("\n").find((one) => one.startsWith(`${node} `));
  return line?.split(" ")[1] ?? (stderr.trim() || "not listed");
}

async function run(stage: Stage): Promise<void> {
  const [node, other] = await spareWorker(stage);
  stage.fact("node", node.name);
  stage.fact("other", other.name);
  stage.phase("plant", `a service of ${REPLICAS} tasks, writers, and a client on ${other.name}`);
  spreadAppAgain(stage);
  const name = await stage.startService("web", { replicas: REPLICAS });
  stage.fact("name", name);
  const leader = await stage.leader();
  const id = () => stage.on(leader, `docker node inspect --format '{{.ID}}' ${node.name}`);
  const known = await id();
  await stage.startTraffic();
  await stage.tasksRun(name, REPLICAS);
  stage.fact("before", await spread(stage, name));
  await stage.startLoad(other, [name]);
  stage.defer(`${node.name} runs`, async () => {
    if (!(await stage.isOn(node))) await stage.start(node);
  });
  stage.phase("break", `${node.name} loses its power`);
  stage.mark("fault");
  await stage.kill(node);
  const list = `docker service ls --filter name=${name} --format '{{.Replicas}}'`;
  stage.fact("claimed", await stage.on(leader, list));
  stage.fact("alive", (await spread(stage, name))[other.name]);
  stage.phase("prove", "the swarm notices, and starts its tasks elsewhere");
  await stage.until(`${node.name} is Down`, 60, async () => {
    const status = await statusOf(stage, node.name);
    return status === "Down" ? { done: true } : { waiting: `it is ${status}` };
  });
  stage.mark("down");
  stage.fact("replaced", await stage.tasksRun(name, REPLICAS, { node: other.name }));
  stage.mark("replaced");
  await stage.moreWrites(30, 60);
  stage.phase("recover", `${node.name} is started again`);
  await stage.start(node);
  await stage.until(`${node.name} is Ready`, 60, async () => {
    const status = await statusOf(stage, node.name);
    return status === "Ready" ? { done: true } : { waiting: `it is ${status}` };
  });
  stage.mark("healed");
  stage.phase("verify", "no task twice, none back by itself");
  const since = Date.now();
  const [listed, after] = await stage.until<[TaskSeen[], ContainerSeen[]]>(
    `${node.name} has let its old tasks go, and ${PATIENCE} s have passed`,
    60,
    async () => {
      const found = [await stage.tasks(name), await stage.serviceContainers(name)] as [
        TaskSeen[],
        ContainerSeen[],
      ];
      const old = found[1].filter((one) => one.node === node.name && one.status === "running");
      if (old.length > 0) return { waiting: `${old.length} run there still` };
      return Date.now() - since > PATIENCE * 1000 ? { done: found } : { waiting: "not yet" };
    },
  );
  stage.fact("listed", listed);
  stage.fact("after", after);
  stage.fact("nodeId", [known, await id()]);
  stage.fact("load", await stage.endLoad());
  await stage.moreWrites(30, 60);
}

function judge({ facts, fault, marks }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { node, other, name, before, claimed, alive, replaced, listed, after } = seen;
  const seconds = (mark: string) => ((marks[mark] ?? Number.NaN) - (fault?.from ?? 0)) / 1000;
  const half = REPLICAS / 2;
  const calls = asked(seen.load, name, { from: fault?.from ?? 0, to: marks.replaced ?? 0 });
  const later = asked(seen.load, name, { from: fault?.to ?? 0, to: Number.MAX_SAFE_INTEGER });
  const bad = later.filter(({ failed }) => failed !== undefined).length;
  const running = after.filter(({ status }) => status === "running");
  const wanted = listed.filter(({ desired }) => desired === "running");
  const slots = new Set(wanted.map(({ slot }) => slot)).size;
  const same = running.filter(({ task }) => replaced.some(({ id }) => id === task)).length;
  return [
    checkEqual(
      "its tasks were on both nodes",
      `${half}, ${half}`,
      `${before[node]}, ${before[other]}`,
    ),
    checkThat(
      "right after the loss the list of services says that all is well",
      `${REPLICAS}/${REPLICAS} listed, ${half} run`,
      `${claimed} listed, ${alive} run`,
      claimed === `${REPLICAS}/${REPLICAS}` && alive === half,
    ),
    checkThat(
      "the node is Down after three missed heartbeats, not one",
      "8 to 30 s",
      `${seconds("down").toFixed(1)} s`,
      seconds("down") >= 8 && seconds("down") <= 30,
    ),
    checkThat(
      "its tasks run elsewhere, by that node's own word",
      `${REPLICAS} on ${other} within 60 s`,
      `${replaced.length} after ${seconds("replaced").toFixed(1)} s`,
      replaced.length === REPLICAS &&
        replaced.every((task) => task.node === other) &&
        seconds("replaced") <= 60,
    ),
    checkThat(
      "its users noticed: the client sees what is broken",
      "1 or more failed",
      `${loadInWords(calls)}; for ${outage(calls).toFixed(1)} s`,
      calls.some(({ failed }) => failed !== undefined),
    ),
    checkEqual("the node comes back as the one it was", seen.nodeId[0], seen.nodeId[1]),
    checkThat(
      "no task runs twice",
      `${REPLICAS} run, one for each of ${REPLICAS} places`,
      `${running.length} run, ${wanted.length} wanted for ${slots} places`,
      running.length === REPLICAS && wanted.length === REPLICAS && slots === REPLICAS,
    ),
    checkThat(
      "nothing goes back by itself: they are the same containers",
      `${REPLICAS} on ${other}`,
      `${same} of ${running.length}, on ${[...new Set(running.map((one) => one.node))].join(" and ")}`,
      same === REPLICAS && running.every((one) => one.node === other),
    ),
    checkThat(
      "afterwards no request fails",
      "0 of 20 requests or more",
      `${bad} of ${later.length}`,
      bad === 0 && later.length >= 20,
    ),
  ];
}

/** C1: a worker crashes, and comes back. */
export const workerLoss: Drill = {
  name: "worker-loss",
  question: "A worker has just died. When does the swarm notice, and what does it do?",
  minutes: 1,
  minimumWrites: 20,
  claims: [
    {
      says: "Self-healing; tasks move when a node dies",
      shows:
        "after three missed heartbeats (8.5 to 16.5 s) the tasks are started elsewhere; until then the list of services still counts the dead ones; nothing goes back by itself",
      holds: "yes",
    },
    {
      says: "A node is Down after 5 s",
      shows: "5 s is one heartbeat; three must be missed",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
