import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest, loadInWords, outage } from "../load.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import {
  labelNode,
  START_FIRST,
  setAvailability,
  spareWorker,
  spread,
  spreadAppAgain,
} from "./own-services.ts";

type Spread = Readonly<Record<string, number>>;

interface Facts {
  readonly node: string;
  readonly other: string;
  readonly names: Readonly<Record<"pair" | "single" | "moved", string>>;
  /** Of `pair`: before, with one task more while the node is paused, drained, and active again for a while. */
  readonly before: Spread;
  readonly paused: Spread;
  readonly drained: Spread;
  readonly active: Spread;
  /** Of `moved`: before the drain, and before it was moved. */
  readonly movedFrom: Spread;
  readonly movedTo: Spread;
  readonly single: Spread;
  /** Containers of replicated services on the node, drained. */
  readonly left: readonly string[];
  /** Of a container that was started by hand: whether it ran before and after. */
  readonly alone: readonly [boolean, boolean];
  readonly load: readonly LoadRequest[];
}

/** A container that no service knows. */
async function startAlone(stage: Stage, node: NodeHandle, image: string): Promise<string> {
  const name = `drill-${stage.runId}-alone`;
  stage.defer(`the container ${name} goes`, async () => {
    const { code, stderr } = await stage.try(node, `docker rm --force ${name}`);
    if (code !== 0 && !/No such container/.test(stderr)) throw new Error(stderr.trim());
  });
  const label = `--label swarm-lab.drill=${stage.runId}`;
  await stage.on(
    node,
    `docker run --detach --name ${name} ${label} --entrypoint sleep ${image} 600 >/dev/null`,
  );
  return name;
}

async function run(stage: Stage): Promise<void> {
  const [node, other] = await spareWorker(stage);
  stage.fact("node", node.name);
  stage.fact("other", other.name);
  stage.phase("plant", `services with two tasks and with one, and a client on ${other.name}`);
  spreadAppAgain(stage);
  const label = await labelNode(stage, node);
  const pair = await stage.startService("pair", { replicas: 2, flags: START_FIRST });
  const at = `--constraint node.labels.${label}==true`;
  const single = await stage.startService("single", { replicas: 1, flags: at });
  const moved = await stage.startService("moved", { replicas: 1, flags: `${START_FIRST} ${at}` });
  stage.fact("names", { pair, single, moved });
  for (const [name, count] of [
    [pair, 2],
    [single, 1],
    [moved, 1],
  ] as const)
    await stage.tasksRun(name, count);
  // The other node may take it as well from now on: nothing moves for that alone.
  await labelNode(stage, other);
  const alone = await startAlone(stage, node, (await stage.service(pair)).image);
  const runs = async () =>
    (await stage.on(node, `docker ps --quiet --filter name=^${alone}$`)) !== "";
  const before = await runs();
  stage.fact("before", await spread(stage, pair));
  stage.fact("movedFrom", await spread(stage, moved));
  await stage.startLoad(other, [pair, single, moved]);
  const leader = await stage.leader();
  stage.mark("fault");
  stage.phase(
    "break",
    `${node.name} is paused, then emptied: one service moves first, the node is drained then`,
  );
  await setAvailability(stage, node, "pause");
  await stage.on(leader, `docker service scale --detach ${pair}=3 >/dev/null`);
  await stage.tasksRun(pair, 3);
  stage.fact("paused", await spread(stage, pair));
  await stage.on(leader, `docker service update --force --detach --quiet ${moved} >/dev/null`);
  await stage.updateEnds(moved, ["completed"]);
  await stage.tasksRun(moved, 1);
  stage.fact("movedTo", await spread(stage, moved));
  stage.mark("drain");
  await setAvailability(stage, node, "drain");
  stage.phase("prove", "no task of a service is left on it");
  for (const [name, count] of [
    [pair, 3],
    [single, 1],
  ] as const)
    await stage.tasksRun(name, count, { node: other.name });
  const left = (await stage.containers()).filter((one) => one.node === node.name);
  stage.fact(
    "left",
    left.map(({ service }) => service),
  );
  stage.fact("drained", await spread(stage, pair));
  stage.fact("single", await spread(stage, single));
  stage.fact("alone", [before, await runs()]);
  stage.phase("recover", `${node.name} is active again`);
  await setAvailability(stage, node, "active");
  stage.mark("healed");
  stage.phase("verify", "nothing comes back by itself");
  const since = Date.now();
  const now = await stage.until<Spread>("five seconds have passed", 30, async () => {
    const found = await spread(stage, pair);
    return Date.now() - since > 5000 ? { done: found } : { waiting: "not yet" };
  });
  stage.fact("active", now);
  stage.fact("load", await stage.endLoad());
}

function judge({ facts, fault, marks }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { node, other, names, load } = seen;
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  const during = { from: marks.drain ?? 0, to: window.to };
  const all = (count: number) => ({ [node]: 0, [other]: count });
  const same = (what: string, expected: Spread, found: Spread) => {
    const words = (one: Spread) => [node, other].map((name) => `${name} ${one[name]}`).join(", ");
    return checkEqual(what, words(expected), words(found));
  };
  const singles = asked(load, names.single, during);
  return [
    same("the two tasks were on two nodes", { [node]: 1, [other]: 1 }, seen.before),
    same("a paused node keeps its tasks and gets no more", { [node]: 1, [other]: 2 }, seen.paused),
    same("drained it has none, and the other node has them all", all(3), seen.drained),
    same("the single task is elsewhere too", all(1), seen.single),
    checkEqual("no service's container is left on it", [], seen.left),
    checkEqual("a container started by hand runs on", [true, true], seen.alone),
    checkNoneFailed(
      "no request failed where another task was there",
      asked(load, names.pair, window),
    ),
    checkThat(
      "a single task was away: a drain stops first, whatever the update order",
      "1 or more failed",
      `${loadInWords(singles)}; for ${outage(singles).toFixed(1)} s`,
      singles.some(({ failed }) => failed !== undefined),
    ),
    checkThat(
      "it moves off a paused node by an update that starts first",
      `from ${node} to ${other}`,
      `${JSON.stringify(seen.movedFrom)} to ${JSON.stringify(seen.movedTo)}`,
      seen.movedFrom[node] === 1 && seen.movedTo[other] === 1 && seen.movedTo[node] === 0,
    ),
    checkNoneFailed("and no request to it failed", asked(load, names.moved, window)),
    same("active again, it gets nothing back by itself", all(3), seen.active),
  ];
}

/** C2: drain, pause, active. */
export const drain: Drill = {
  name: "drain",
  question: "I have to work on a node. How do I empty it without anyone noticing?",
  minutes: 1,
  minimumWrites: 0,
  claims: [
    {
      says: "Availability active, pause, drain",
      shows:
        "pause keeps the tasks and takes no new ones; drain moves them and leaves containers started by hand; active brings nothing back",
      holds: "yes",
    },
    {
      says: "Don't put containers on managers (drain)",
      shows:
        "a drain stops a task before it starts another: with two tasks no request fails, with one some do, unless the node is paused and the service updated start-first before",
      holds: "partly",
    },
  ],
  limits: ["The client finds tasks by DNS: nothing is said of connections that stay open."],
  needs: (ground) => need.all(need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
