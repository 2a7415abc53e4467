import { compareFingerprints } from "../../backup/difference.ts";
import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { ackedWithin, checkAtMost, except, led } from "./members.ts";

/** One way of stopping and starting everything. */
interface Round {
  /** Machines that were off at the same moment. */
  readonly off: number;
  readonly seconds: number;
  readonly after: SwarmFingerprint;
  readonly tasks: readonly TaskContainer[];
  readonly secrets: readonly string[];
}

interface Facts {
  readonly nodes: number;
  readonly before: SwarmFingerprint;
  readonly tasks: readonly TaskContainer[];
  readonly secrets: readonly string[];
  readonly together: Round;
  readonly worst: Round;
  /** What the first manager that was started said while it was alone. */
  readonly alone: string;
}

const secretsOf = async (stage: Stage) =>
  [...new Set(Object.values(await stage.secretHashes()))].sort();

const offNow = async (stage: Stage) =>
  (await Promise.all(stage.nodes.map((node) => stage.isOn(node)))).filter((on) => !on).length;

/** Waits until all is as wanted, and keeps what there is then. */
async function keepRound(stage: Stage, name: string, off: number, since: number): Promise<void> {
  await stage.whole(150);
  const seconds = (Date.now() - since) / 1000;
  await stage.moreWrites(20, 60);
  const [after, tasks, secrets] = [
    await stage.fingerprint(),
    await stage.containers(),
    await secretsOf(stage),
  ];
  stage.fact(name, { off, seconds, after, tasks, secrets } satisfies Round);
}

async function together(stage: Stage): Promise<void> {
  stage.phase("break", "every machine is stopped at once");
  stage.mark("fault");
  await Promise.all(stage.nodes.map((node) => stage.stop(node)));
  const off = await offNow(stage);
  stage.mark("off");
  stage.phase("recover", "and all are started at once");
  const since = stage.mark("together");
  await Promise.all(stage.nodes.map((node) => stage.start(node)));
  await keepRound(stage, "together", off, since);
}

async function worst(stage: Stage): Promise<void> {
  const leader = await led(stage);
  stage.phase("break", "every machine loses its power, the leader's first");
  const cut = stage.mark("cut");
  await stage.kill(leader);
  await Promise.all(except(stage.nodes, leader).map((node) => stage.kill(node)));
  const off = await offNow(stage);
  stage.mark("dark");
  stage.phase("recover", "workers first, managers one by one, the former leader last");
  const [first, ...others] = except(stage.managers, leader);
  if (first === undefined) throw new Error("a lab without a second manager");
  await Promise.all(stage.workers.map((node) => stage.start(node)));
  await stage.start(first);
  // An engine waits twenty seconds for its quorum before it answers questions about the swarm.
  const alone = await stage.until<string>(`${first.name} says that it is alone`, 90, async () => {
    const { code, stderr } = await stage.try(first, "docker node ls", { seconds: 30 });
    if (code === 0) return { done: "it lists the nodes" };
    return /leader|deadline|manager/i.test(stderr)
      ? { done: stderr.trim() }
      : { waiting: stderr.trim() || "no answer" };
  });
  stage.fact("alone", alone);
  stage.mark("second");
  for (const node of [...others, leader]) await stage.start(node);
  await keepRound(stage, "worst", off, cut);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  stage.fact("nodes", stage.nodes.length);
  stage.fact("before", await stage.fingerprint());
  stage.fact("tasks", await stage.containers());
  stage.fact("secrets", await secretsOf(stage));
  await together(stage);
  await worst(stage);
  stage.mark("healed");
  stage.phase("verify", "the same swarm, twice");
  await stage.moreWrites(30, 60);
  await keepQuorum(stage);
}

const counts = (tasks: readonly TaskContainer[]) => {
  const services = [...new Set(tasks.map(({ service }) => service))].sort();
  return services.map((one) => `${one} ${tasks.filter(({ service }) => service === one).length}`);
};

function judgeRound(how: string, { nodes, before, tasks, secrets }: Facts, round: Round): Check[] {
  const differences = compareFingerprints(before, round.after, { rejoined: [], rewritten: false });
  const old = round.tasks.filter(({ id }) => tasks.some((one) => one.id === id)).length;
  return [
    checkEqual(`${how}: all machines were off at once`, nodes, round.off),
    checkThat(
      `${how}: it is the same swarm, with the same nodes and objects`,
      "no difference",
      differences.map(({ what, expected, seen }) => `${what}: ${expected} -> ${seen}`).join("; ") ||
        "no difference",
      differences.length === 0,
    ),
    checkThat(
      `${how}: every service runs as before, in new tasks`,
      `${counts(tasks).join(", ")}, 0 of them the old ones`,
      `${counts(round.tasks).join(", ")}, ${old} of them the old ones`,
      tasks.length > 0 && counts(tasks).join() === counts(round.tasks).join() && old === 0,
    ),
    checkThat(
      `${how}: they read the same secrets`,
      secrets.join(" ").slice(0, 40),
      round.secrets.join(" ").slice(0, 40),
      secrets.length > 0 && secrets.join() === round.secrets.join(),
    ),
    checkAtMost(`${how}: it is whole again`, 180, round.seconds),
  ];
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { off = 0, together: started = 0, dark = 0, second = 0 } = evidence.marks;
  const acked = ackedWithin(evidence, off, started) + ackedWithin(evidence, dark, second);
  return [
    ...judgeRound("together", seen, seen.together),
    ...judgeRound("in the worst order", seen, seen.worst),
    checkThat(
      "the manager that is started first waits for another",
      "it has no leader",
      seen.alone.slice(0, 160),
      /leader|deadline/i.test(seen.alone),
    ),
    checkEqual("nothing is written without a quorum", 0, acked),
    checkQuorum(evidence.facts),
  ];
}

/** All nodes off and on: at once and in order, and by a power cut in the worst order. */
export const fullRestart: Drill = {
  name: "full-restart",
  question:
    "The power fails in the whole building. Does the swarm come back by itself, in any order?",
  minutes: 2,
  minimumWrites: 20,
  claims: [
    {
      says: "All nodes need a static address",
      shows: "With one they find each other after a restart of all, in any order, within a minute.",
      holds: "yes",
    },
  ],
  limits: ["With autolock the managers have to be unlocked, at the same time: see autolock."],
  needs: (ground) => need.all(need.managers(ground, 3), need.workers(ground, 1), need.app(ground)),
  run,
  judge,
};
