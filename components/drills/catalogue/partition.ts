import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { ackedWithin, checkAtMost, checkElection, elected, except, waited } from "./members.ts";
import { refusedBy } from "./refusal.ts";

interface Facts {
  readonly leader: string;
  /** Other nodes that took a connection from the leader before and during the cut. */
  readonly reachedBefore: readonly string[];
  readonly reached: readonly string[];
  readonly newLeader: string;
  readonly refusal: string;
  /** Raft terms: of the leader that the majority elected, of the lone one's last candidacy, of the leader after healing. */
  readonly majority: number;
  readonly lone: number;
  readonly healed: number;
  readonly lastLeader: string;
}

/** The highest Raft term in what an engine said of being leader or candidate. */
async function term(stage: Stage, node: NodeHandle, what: "leader" | "candidate"): Promise<number> {
  const log = await stage.engineLog(node, 3000);
  const found = log.matchAll(new RegExp(`became ${what} at term (\\d+)`, "g"));
  return Math.max(0, ...[...found].map(([, one]) => Number(one)));
}

const highest = async (stage: Stage, nodes: readonly NodeHandle[]) =>
  Math.max(...(await Promise.all(nodes.map((node) => term(stage, node, "leader")))));

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const leader = await stage.leader();
  const others = except(stage.managers, leader);
  stage.fact("leader", leader.name);
  stage.fact("reachedBefore", await stage.reached(leader));
  stage.phase("break", `${leader.name}, the leader, is cut off from everybody`);
  stage.mark("fault");
  await stage.cut([leader], except(stage.nodes, leader));
  stage.mark("parted");
  stage.phase("prove", "the majority elects, and the lone leader has to give up");
  stage.fact("reached", await stage.reached(leader));
  // Asked at once: while the others elect, the lone one's time runs as well.
  const [next] = await Promise.all([
    elected(stage, others).finally(() => stage.mark("elected")),
    refusedBy(stage, leader).then((said) => {
      stage.mark("refused");
      stage.fact("refusal", said);
    }),
  ]);
  stage.fact("newLeader", next.name);
  const majority = await highest(stage, others);
  stage.fact("majority", majority);
  await stage.until(`${leader.name} stands for a later term than ${majority}`, 120, async () => {
    const lone = await term(stage, leader, "candidate");
    stage.fact("lone", lone);
    return lone > majority ? { done: true } : { waiting: `term ${lone}` };
  });
  stage.phase("recover", "the network is whole again, and the next election begins");
  stage.mark("joined");
  await stage.heal();
  // Connections that lost packets for a minute are tried again as rarely.
  await stage.until("a leader of a later term", 180, async () => {
    const now = await highest(stage, stage.managers);
    stage.fact("healed", now);
    return now > majority ? { done: true } : { waiting: `term ${now}` };
  });
  const last = await elected(stage, stage.managers, 120);
  stage.fact("lastLeader", last.name);
  stage.mark("healed");
  stage.phase("verify", "one history, with nothing of the lone leader's in it");
  await stage.moreWrites(30, 60);
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, parted = 0, refused = 0, joined = 0, healed = 0 } = evidence.marks;
  const alone = evidence.operations.filter(
    ({ writer, start, end }) =>
      writer === seen.leader && start > parted && end !== null && end < joined,
  );
  const acked = alone.filter(({ result }) => result === "ok").length;
  const landed = alone.filter(({ name }) => evidence.reads.some(({ values }) => name in values));
  const second = waited(evidence, joined, healed);
  return [
    checkThat(
      "the cut took",
      "the leader reaches nobody, of those it reached before",
      `${seen.reached.length} of ${seen.reachedBefore.length}`,
      seen.reachedBefore.length > 0 && seen.reached.length === 0,
    ),
    checkElection("the majority elects another leader", waited(evidence, fault, joined)),
    checkThat(
      "it is one of the majority, and acknowledges",
      `not ${seen.leader}; 10 writes or more`,
      `${seen.newLeader}, ${ackedWithin(evidence, parted, joined)} writes`,
      seen.newLeader !== "" &&
        seen.newLeader !== seen.leader &&
        ackedWithin(evidence, parted, joined) >= 10,
    ),
    checkAtMost("the lone leader notices", 60, (refused - parted) / 1000),
    checkThat(
      "and acknowledges nothing, of which nothing is there",
      "0 acknowledged, 0 in the end",
      `${acked} acknowledged, ${landed.length} in the end, of ${alone.length}`,
      alone.length > 0 && acked === 0 && landed.length === 0,
    ),
    checkThat(
      "healing costs a second election",
      `a term after ${Math.max(seen.majority, seen.lone - 1)}; alone it had come to ${seen.lone}`,
      `term ${seen.healed}, after ${second.toFixed(1)} s without a write`,
      seen.lone > seen.majority && seen.healed > seen.majority && second >= 3,
    ),
    checkAtMost("and no more than that", 120, second),
    checkQuorum(evidence.facts),
  ];
}

/** B8: the leader alone on one side, until it has come to a later term than the majority; then healed. */
export const partition: Drill = {
  name: "partition",
  question:
    "The network parts the leader from the others, and heals. What is lost, and when is it over?",
  minutes: 3,
  minimumWrites: 20,
  claims: [
    {
      says: "Healing a partition costs nothing",
      shows:
        "A second election: the one that was alone comes back with a later term, and deposes the leader.",
      holds: "no",
    },
  ],
  needs: (ground) => need.managers(ground, 3),
  run,
  judge,
};
