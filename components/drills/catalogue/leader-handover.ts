import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import {
  backAsManager,
  checkAtMost,
  checkElection,
  elected,
  except,
  members,
  waited,
} from "./members.ts";

interface Facts {
  readonly demoted: string;
  readonly demotedTo: string;
  /** Files of the Raft log that the demoted leader has, before and after. */
  readonly logBefore: number;
  readonly logAfter: number;
  readonly idBefore: string;
  readonly idAfter: string;
  readonly stopped: string;
  readonly exitCode: number;
  readonly stoppedTo: string;
}

const LOG = "ls /var/lib/docker/swarm/raft/wal-v3-encrypted 2>/dev/null | wc -l";

const idOf = async (stage: Stage, via: NodeHandle, node: NodeHandle) =>
  (await members(stage, via)).find(({ name }) => name === node.name)?.id;

async function demote(stage: Stage, leader: NodeHandle): Promise<NodeHandle> {
  const others = except(stage.managers, leader);
  const [via] = others;
  if (via === undefined) throw new Error("a lab without a second manager");
  stage.fact("demoted", leader.name);
  stage.fact("logBefore", Number(await stage.on(leader, LOG)));
  stage.fact("idBefore", await idOf(stage, via, leader));
  stage.mark("fault");
  await stage.on(via, `docker node demote ${leader.name}`);
  stage.defer(`${leader.name} is a manager`, async () => {
    await stage.on(await stage.leader(), `docker node promote ${leader.name} >/dev/null`);
  });
  const next = await elected(stage, others);
  stage.fact("demotedTo", next.name);
  await stage.until(`${leader.name} is a worker`, 60, async () => {
    const control = await stage.on(leader, "docker info --format '{{.Swarm.ControlAvailable}}'");
    return control === "false" ? { done: true } : { waiting: "it is a manager still" };
  });
  await stage.moreWrites(10, 60);
  stage.fact("logAfter", Number(await stage.on(leader, LOG)));
  return next;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const first = await stage.leader();
  stage.phase("break", `${first.name}, the leader, is demoted, and promoted again`);
  const second = await demote(stage, first);
  await stage.on(second, `docker node promote ${first.name}`);
  await backAsManager(stage, second, first);
  await stage.moreWrites(20, 60);
  stage.fact("idAfter", await idOf(stage, second, first));
  stage.phase("prove", `${second.name}, the leader now, is stopped as cleanly as can be`);
  stage.fact("stopped", second.name);
  stage.mark("stopped");
  await stage.stop(second);
  stage.fact("exitCode", await stage.exitCode(second));
  const third = await elected(stage, except(stage.managers, second));
  stage.fact("stoppedTo", third.name);
  stage.phase("recover", "it is started");
  await stage.start(second);
  await backAsManager(stage, third, second);
  stage.mark("healed");
  stage.phase("verify", "three managers, one history");
  await stage.moreWrites(30, 60);
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, stopped = 0, healed = 0 } = evidence.marks;
  const [byDemotion, byStop] = [
    waited(evidence, fault, stopped),
    waited(evidence, stopped, healed),
  ];
  return [
    checkThat(
      "the demoted leader hands over to another manager",
      `not ${seen.demoted}`,
      seen.demotedTo,
      seen.demotedTo !== "" && seen.demotedTo !== seen.demoted,
    ),
    checkAtMost("writes hardly wait for a demotion", 4, byDemotion),
    checkThat(
      "the demoted manager keeps no log",
      "0 files of 1 or more",
      `${seen.logAfter} of ${seen.logBefore}`,
      seen.logBefore > 0 && seen.logAfter === 0,
    ),
    checkEqual("promoted again it has its node id", seen.idBefore, seen.idAfter),
    checkEqual("the other one was stopped cleanly", 0, seen.exitCode),
    checkThat(
      "and another manager leads then",
      `not ${seen.stopped}`,
      seen.stoppedTo,
      seen.stoppedTo !== "" && seen.stoppedTo !== seen.stopped,
    ),
    checkElection("a clean stop costs an election all the same", byStop),
    checkQuorum(evidence.facts),
  ];
}

/** B2 against B3: a stop does not hand over, a demotion does. */
export const leaderHandover: Drill = {
  name: "leader-handover",
  question: "I have to restart the leader's machine. Do I stop it, or demote it first?",
  minutes: 1,
  minimumWrites: 20,
  claims: [
    {
      says: "A leader that is shut down properly hands over",
      shows:
        "It does not: writes wait for an election, 11 s and more. Demoted first, it hands over in 0.1 s.",
      holds: "no",
    },
  ],
  needs: (ground) => need.managers(ground, 3),
  run,
  judge,
};
