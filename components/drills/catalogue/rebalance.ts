import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import { asked, checkNoneFailed, type LoadRequest } from "../load.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { setAvailability, spareWorker, spread, spreadAppAgain } from "./own-services.ts";

const REPLICAS = 4;
/** Seconds that a swarm gets to move something by itself. */
const PATIENCE = 8;

/** How many tasks each worker runs, and which containers these are. */
interface State {
  readonly spread: Readonly<Record<string, number>>;
  readonly ids: readonly string[];
}

interface Facts {
  readonly node: string;
  readonly other: string;
  readonly name: string;
  readonly before: State;
  readonly drained: State;
  readonly returned: State;
  readonly scaled: State;
  readonly forced: State;
  readonly watched: number;
  readonly load: readonly LoadRequest[];
}

async function run(stage: Stage): Promise<void> {
  const [node, other] = await spareWorker(stage);
  stage.fact("node", node.name);
  stage.fact("other", other.name);
  stage.phase("plant", `a service of ${REPLICAS} tasks, and a client on ${other.name}`);
  spreadAppAgain(stage);
  // Stop-first, the default: where new tasks start first, the old ones count while places are chosen, and it ends anyhow.
  const flags = "--update-monitor 1s";
  const name = await stage.startService("web", { replicas: REPLICAS, flags });
  stage.fact("name", name);
  const state = async (): Promise<State> => {
    const running = (await stage.serviceContainers(name)).filter(
      ({ status }) => status === "running",
    );
    return { spread: await spread(stage, name), ids: running.map(({ id }) => id).sort() };
  };
  await stage.tasksRun(name, REPLICAS);
  stage.fact("before", await state());
  await stage.startLoad(other, [name]);
  const leader = await stage.leader();
  stage.mark("fault");
  stage.phase("break", `${node.name} is drained, and comes back`);
  await setAvailability(stage, node, "drain");
  await stage.tasksRun(name, REPLICAS, { node: other.name });
  stage.fact("drained", await state());
  await setAvailability(stage, node, "active");
  stage.phase("prove", `nothing moves within ${PATIENCE} s`);
  const since = Date.now();
  const returned = await stage.until<State>(`${PATIENCE} s have passed`, 60, async () => {
    const found = await state();
    return Date.now() - since > PATIENCE * 1000 ? { done: found } : { waiting: "not yet" };
  });
  stage.fact("watched", (Date.now() - since) / 1000);
  stage.fact("returned", returned);
  stage.phase("recover", "one task more and one less, then all of them anew");
  for (const count of [REPLICAS + 1, REPLICAS]) {
    await stage.on(leader, `docker service scale --detach ${name}=${count} >/dev/null`);
    await stage.tasksRun(name, count);
  }
  stage.fact("scaled", await state());
  await stage.on(leader, `docker service update --force --detach --quiet ${name} >/dev/null`);
  await stage.updateEnds(name, ["completed", "paused"]);
  stage.phase("verify", "half of them on each node");
  await stage.tasksRun(name, REPLICAS);
  stage.mark("healed");
  stage.fact("forced", await state());
  stage.fact("load", await stage.endLoad());
}

function judge({ facts, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { node, other, before, drained, returned, scaled, forced } = seen;
  const window = { from: fault?.from ?? 0, to: fault?.to ?? 0 };
  const on = (what: string, here: number, there: number, { spread: found }: State) =>
    checkEqual(
      what,
      `${node} ${here}, ${other} ${there}`,
      `${node} ${found[node]}, ${other} ${found[other]}`,
    );
  const kept = (from: State, to: State) => to.ids.filter((id) => from.ids.includes(id)).length;
  const half = REPLICAS / 2;
  return [
    on("it began evenly", half, half, before),
    on("drained, the node has none", 0, REPLICAS, drained),
    on("back again, it gets none by itself", 0, REPLICAS, returned),
    checkThat(
      "the swarm had time to move something, and restarted nothing",
      `${PATIENCE} s or more, ${REPLICAS} containers are the same`,
      `${seen.watched.toFixed(1)} s, ${kept(drained, returned)} are the same`,
      seen.watched >= PATIENCE && kept(drained, returned) === REPLICAS,
    ),
    on("one task more and one less moves one", 1, REPLICAS - 1, scaled),
    checkEqual("and restarts no other", REPLICAS - 1, kept(returned, scaled)),
    on("a forced update spreads them", half, half, forced),
    checkEqual("at the price of every container", 0, kept(scaled, forced)),
    checkNoneFailed("no request failed meanwhile", asked(seen.load, seen.name, window)),
  ];
}

/** What the swarm does not do when a node comes back. */
export const rebalance: Drill = {
  name: "rebalance",
  question:
    "The node is back and idle, and its neighbour does all the work. Why, and what do I do?",
  minutes: 1.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Swarm rebalances when a node returns",
      shows:
        "never: nothing moves; scaling up and down moves one task, `docker service update --force` spreads them all and restarts each",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
