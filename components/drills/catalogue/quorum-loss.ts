import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { ackedWithin, backAsManager, checkAtMost, except } from "./members.ts";
import { type Deaf, deaf, refusedBy } from "./refusal.ts";
import { spreadAgain } from "./spread.ts";

interface Facts {
  readonly survivor: string;
  readonly refusal: string;
  readonly info: Deaf;
  readonly before: readonly TaskContainer[];
  /** Before anything happened to the workers, when the quorum was gone for a while. */
  readonly during: readonly TaskContainer[];
  readonly overlay: string;
  /** The container that was killed, and the worker whose engine was restarted. */
  readonly killed: TaskContainer;
  readonly restarted: string;
  readonly after: readonly TaskContainer[];
  readonly watched: number;
  readonly healed: readonly TaskContainer[];
}

/** Seconds that dead tasks are watched: an engine with a manager starts another one after 2. */
const WATCH = 12;

/** Hurts the workers while nobody can mend it: one task dies, and one engine is restarted. */
async function hurt(stage: Stage, tasks: readonly TaskContainer[]): Promise<void> {
  const killed = tasks.find(({ service }) => service !== "registry" && service !== "edge");
  const home = stage.workers.find(({ name }) => name === killed?.node);
  const other = stage.workers.find(({ name }) => name !== killed?.node);
  if (killed === undefined || home === undefined || other === undefined)
    throw new Error("a lab without an application on two workers");
  stage.fact("killed", killed);
  stage.fact("restarted", other.name);
  await Promise.all([stage.on(home, `docker kill ${killed.id} >/dev/null`), stage.stop(other)]);
  const since = Date.now();
  await stage.start(other);
  await stage.until(`the engine of ${other.name} answers`, 60, async () => {
    const { code } = await stage.try(other, "docker ps -q", { seconds: 5 });
    return code === 0 ? { done: true } : { waiting: "it does not" };
  });
  // Nothing to wait for but time: that nothing happens is the point.
  await stage.until(`nobody starts them again for ${WATCH} s`, 60, async () => {
    const seconds = (Date.now() - since) / 1000;
    return seconds >= WATCH ? { done: true } : { waiting: `${seconds.toFixed(0)} s` };
  });
  stage.fact("after", await stage.containers());
  stage.fact("watched", (Date.now() - since) / 1000);
}

async function bringBack(stage: Stage, survivor: NodeHandle, lost: readonly NodeHandle[]) {
  const [one, ...more] = lost;
  if (one === undefined) throw new Error("a lab without a second manager");
  stage.phase("recover", `${one.name} alone is switched on`);
  stage.mark("started");
  await stage.start(one);
  await stage.moreWrites(5, 120);
  stage.mark("writing");
  await Promise.all(more.map((node) => stage.start(node)));
  for (const node of lost) await backAsManager(stage, survivor, node);
  stage.mark("healed");
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, and tasks on every worker");
  await spreadAgain(stage);
  await stage.startTraffic();
  const survivor = await stage.leader();
  const lost = except(stage.managers, survivor);
  const before = await stage.containers();
  stage.fact("survivor", survivor.name);
  stage.fact("before", before);
  stage.phase("break", `all managers but ${survivor.name} lose their power`);
  await Promise.all(lost.map((node) => stage.kill(node)));
  stage.mark("fault");
  stage.phase("prove", "nothing can be changed, and what runs runs on");
  stage.fact("refusal", await refusedBy(stage, survivor));
  stage.fact("info", await deaf(stage, survivor));
  stage.fact("overlay", await stage.overlay());
  const during = await stage.containers();
  stage.fact("during", during);
  await hurt(stage, during);
  await bringBack(stage, survivor, lost);
  stage.phase("verify", "what died meanwhile is started");
  await stage.moreWrites(30, 60);
  await stage.whole(120);
  stage.fact("healed", await stage.containers());
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, started = 0, writing = 0 } = evidence.marks;
  const acked = ackedWithin(evidence, fault, started);
  const on = (node: string, tasks: readonly TaskContainer[]) =>
    tasks.filter((one) => one.node === node).length;
  const { killed, restarted, info } = seen;
  const same = seen.after
    .filter(({ service }) => service === killed.service && killed.node !== restarted)
    .filter(({ node }) => node === killed.node).length;
  const had = seen.during.filter(
    ({ service, node }) => service === killed.service && node === killed.node,
  ).length;
  return [
    checkThat(
      "with one manager of three nothing is written",
      "0 acknowledged in 10 s or more",
      `${acked} in ${((started - fault) / 1000).toFixed(0)} s`,
      started - fault >= 10_000 && acked === 0,
    ),
    checkThat(
      "the swarm says that it has no leader",
      "does not have a leader",
      seen.refusal.slice(0, 160),
      /does not have a leader|lost leader status|deadline/i.test(seen.refusal),
    ),
    checkThat(
      "ControlAvailable is true all the same",
      "true, with an error and 0 managers",
      `${info.control}, ${info.managers} managers, ${info.error.slice(0, 80) || "no error"}`,
      info.control === "true" && info.managers === "0" && info.error !== "",
    ),
    checkUntouched("tasks run on", seen.before, seen.during),
    checkThat(
      "and answer",
      "requests cross between nodes",
      seen.overlay,
      / requests crossed /.test(seen.overlay),
    ),
    checkThat(
      "a task that dies stays dead",
      `${had - 1} of ${killed.service} on ${killed.node} after ${WATCH} s`,
      `${same} after ${seen.watched.toFixed(0)} s`,
      had > 0 && same === had - 1 && seen.watched >= WATCH,
    ),
    checkThat(
      "a worker whose engine restarts has no task any more",
      `0 on ${restarted}, of 1 or more`,
      `${on(restarted, seen.after)} of ${on(restarted, seen.during)}`,
      on(restarted, seen.during) > 0 && on(restarted, seen.after) === 0,
    ),
    checkAtMost("one manager brings the quorum back", 75, (writing - started) / 1000),
    checkThat(
      "and the tasks with it",
      `${seen.before.length} run, also on ${restarted}`,
      `${seen.healed.length}, ${on(restarted, seen.healed)} of them on ${restarted}`,
      seen.healed.length === seen.before.length && on(restarted, seen.healed) > 0,
    ),
    checkQuorum(evidence.facts),
  ];
}

/** B5: the quorum is lost, and comes back by one manager. */
export const quorumLoss: Drill = {
  name: "quorum-loss",
  question:
    "Two of my three managers are dead. What still works, and is one of them enough to go on?",
  minutes: 1.5,
  minimumWrites: 20,
  claims: [
    {
      says: "Without a quorum the workers keep running",
      shows:
        "They do while nothing happens to them: what dies stays dead, and an engine that restarts loses all its tasks.",
      holds: "partly",
    },
    {
      says: "It is better to bring failed nodes back than to make new ones",
      shows:
        "One manager that is switched on ends the outage, with nothing lost and nothing forced.",
      holds: "yes",
    },
    {
      says: "`ControlAvailable=true` in `docker info` means a manager that works",
      shows: "It is true on a manager that has no quorum.",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
