import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { ackedWithin, except, listBy } from "./members.ts";
import { spreadAgain } from "./spread.ts";

interface Facts {
  readonly forced: string;
  readonly majority: readonly string[];
  readonly reached: readonly string[];
  /** Cluster ids on either side while both have a leader. */
  readonly clusters: readonly [string, string];
  /** Managers that either side lists as well, then. */
  readonly sides: readonly [string, string];
  /** Which of both writes the swarm has when it is one again. */
  readonly present: Readonly<Record<"a" | "b", boolean>>;
  /** What those of the majority say after healing. */
  readonly deposed: readonly string[];
}

const nameOf = (stage: Stage, side: "a" | "b") => `drill-${stage.runId}-split-${side}`;

/** Writes one object through a manager; it must be acknowledged. */
async function writeTo(stage: Stage, via: NodeHandle, name: string): Promise<void> {
  await stage.on(
    via,
    `printf %s ${name} | docker config create --label swarm-lab.drill=${stage.runId} ${name} - >/dev/null`,
    { seconds: 60 },
  );
}

const has = async (stage: Stage, via: NodeHandle, name: string) =>
  (await stage.on(via, `docker config ls -q --filter name=${name}`)) !== "";

const cluster = (stage: Stage, via: NodeHandle) =>
  stage.on(via, "docker info --format '{{.Swarm.Cluster.ID}}'");

async function side(stage: Stage, via: NodeHandle): Promise<string> {
  const list = await listBy(stage, via);
  if (typeof list === "string") return list;
  const well = list.filter(({ manager }) => /^(Leader|Reachable)$/.test(manager));
  return well.map(({ name, manager }) => `${name} ${manager}`).join(", ");
}

/** Two swarms, each with a leader that acknowledges, and the same name. */
async function split(
  stage: Stage,
  before: SwarmFingerprint,
  alone: NodeHandle,
  leader: NodeHandle,
): Promise<void> {
  stage.phase("break", `${alone.name} is cut off, and made a new cluster while the others live`);
  stage.mark("fault");
  await stage.cut([alone], except(stage.nodes, alone));
  stage.fact("reached", await stage.reached(alone));
  await stage.force(alone, before);
  stage.mark("forced");
  stage.phase("prove", "both sides have a leader, and acknowledge");
  await writeTo(stage, alone, nameOf(stage, "a"));
  await writeTo(stage, leader, nameOf(stage, "b"));
  await stage.moreWrites(40, 60);
  stage.fact("sides", [await side(stage, alone), await side(stage, leader)]);
  stage.fact("clusters", [await cluster(stage, alone), await cluster(stage, leader)]);
}

/** Waits until those who were the majority have no leader of their own any more. */
async function awaitFall(stage: Stage, majority: readonly NodeHandle[]): Promise<void> {
  const said = await stage.until<string[]>("the majority has fallen", 120, async () => {
    const lists = await Promise.all(majority.map((node) => listBy(stage, node)));
    const lives = lists.findIndex((one) => typeof one !== "string");
    return lives < 0
      ? { done: lists.map((one, at) => `${majority[at]?.name}: ${String(one).slice(0, 160)}`) }
      : { waiting: `${majority[lives]?.name} lists nodes` };
  });
  stage.fact("deposed", said);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const before = await stage.fingerprint();
  const leader = await stage.leader();
  const [alone] = except(stage.managers, leader);
  if (alone === undefined) throw new Error("a lab without a second manager");
  const majority = except(stage.managers, alone);
  stage.fact("forced", alone.name);
  stage.fact(
    "majority",
    majority.map(({ name }) => name),
  );
  await split(stage, before, alone, leader);
  stage.phase("prove", "the network heals, and one history is thrown away");
  stage.mark("joined");
  await stage.heal();
  await awaitFall(stage, majority);
  stage.fact("present", {
    a: await has(stage, alone, nameOf(stage, "a")),
    b: await has(stage, alone, nameOf(stage, "b")),
  });
  stage.phase("recover", `the lab is made whole from ${alone.name}`);
  await Promise.all(majority.map((node) => stage.stop(node)));
  await stage.leadWorkers(alone);
  await stage.force(alone, before);
  await stage.workersBack(alone, before);
  await stage.removeGhosts(alone, before);
  for (const node of majority) {
    const wanted = before.nodes.find(({ hostname }) => hostname === node.name);
    if (wanted !== undefined) await stage.rejoin(node, wanted);
  }
  stage.mark("healed");
  stage.phase("verify", "three managers, and writes that nobody has any more");
  await stage.moreWrites(30, 90);
  await stage.whole(150);
  await keepQuorum(stage);
  await spreadAgain(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { forced = 0, joined = 0 } = evidence.marks;
  const byMajority = evidence.operations.filter(({ writer }) => seen.majority.includes(writer));
  const acked = ackedWithin({ ...evidence, operations: byMajority }, forced, joined);
  const [a, b] = seen.sides;
  return [
    checkEqual("the cut took: it reaches nobody", [], seen.reached),
    checkThat(
      "there are two leaders",
      `${seen.forced} alone, and one of the majority`,
      `${a} | ${b}`,
      a === `${seen.forced} Leader` && / Leader/.test(b) && !b.includes(seen.forced),
    ),
    checkThat(
      "of swarms that have the same id",
      "twice the same",
      seen.clusters.join(" "),
      seen.clusters[0] !== "" && seen.clusters[0] === seen.clusters[1],
    ),
    checkThat("the majority acknowledges writes meanwhile", "10 or more", `${acked}`, acked >= 10),
    checkThat(
      "healed, the majority is no swarm any more",
      `${seen.majority.length} that refuse`,
      seen.deposed.join("; ").slice(0, 300),
      seen.deposed.length === seen.majority.length,
    ),
    checkEqual(
      "what the minority was told is there, and what the majority acknowledged is not",
      { a: true, b: false },
      seen.present,
    ),
    checkQuorum(evidence.facts),
  ];
}

/** B7: `--force-new-cluster` while the majority lives. The wrong thing to do, and what comes of it. */
export const splitBrain: Drill = {
  name: "split-brain",
  question:
    "I cannot reach two of my managers, so I force a new cluster on the third. But they live. What is lost?",
  minutes: 3,
  control: true,
  minimumWrites: 20,
  expectLost: true,
  claims: [
    {
      says: "Without a quorum, force a new cluster on the manager you can reach",
      shows:
        "If the others live, there are two swarms with one id; when the network heals, acknowledged writes are lost.",
      holds: "partly",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.app(ground), need.expendable(ground)),
  run,
  judge,
};
