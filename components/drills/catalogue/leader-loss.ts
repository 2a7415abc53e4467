import { checkQuorum, checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import {
  backAsManager,
  checkElection,
  elected,
  except,
  inWords,
  listed,
  members,
  waited,
} from "./members.ts";

interface Facts {
  readonly leader: string;
  readonly leaderId: string;
  readonly newLeader: string;
  /** What the new leader's list says of the lost one. */
  readonly lost: string;
  /** The list once it is back. */
  readonly returned: readonly string[];
  readonly returnedId: string;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersAfter: readonly TaskContainer[];
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const leader = await stage.leader();
  const others = except(stage.managers, leader);
  const idOf = async (via = leader) =>
    (await members(stage, via)).find(({ name }) => name === leader.name)?.id;
  stage.fact("leader", leader.name);
  stage.fact("leaderId", await idOf());
  stage.fact("containersBefore", await stage.containers());
  stage.phase("break", `${leader.name}, the leader, loses its power`);
  stage.mark("fault");
  await stage.kill(leader);
  stage.phase("prove", "the others elect one of themselves and miss it");
  const next = await elected(stage, others);
  stage.mark("elected");
  stage.fact("newLeader", next.name);
  stage.fact("lost", await listed(stage, next, leader.name, /Unreachable$/));
  await stage.moreWrites(20, 60);
  stage.phase("recover", "it is switched on");
  await stage.start(leader);
  await backAsManager(stage, next, leader);
  stage.mark("healed");
  stage.phase("verify", "it is who it was, and follows");
  await stage.moreWrites(30, 60);
  stage.fact("returned", (await members(stage, next)).map(inWords));
  stage.fact("returnedId", await idOf(next));
  stage.fact("containersAfter", await stage.containers());
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, healed = 0 } = evidence.marks;
  const leaders = seen.returned.filter((line) => line.endsWith(" Leader"));
  return [
    checkThat(
      "the others miss it",
      `${seen.leader} Unreachable`,
      seen.lost,
      new RegExp(`^${seen.leader} .*Unreachable$`).test(seen.lost),
    ),
    checkElection("writes wait for one election", waited(evidence, fault, healed)),
    checkThat(
      "there is one leader, another one, and it stays",
      `${seen.newLeader} alone, not ${seen.leader}`,
      leaders.join(", ") || "none",
      leaders.length === 1 &&
        leaders[0]?.split(" ")[0] === seen.newLeader &&
        seen.newLeader !== seen.leader,
    ),
    checkEqual("it comes back under its node id", seen.leaderId, seen.returnedId),
    checkQuorum(evidence.facts),
    checkUntouched(
      "tasks on workers were not restarted",
      seen.containersBefore,
      seen.containersAfter,
    ),
  ];
}

/** B1: the leader loses its power. */
export const leaderLoss: Drill = {
  name: "leader-loss",
  question:
    "The leader dies. How long can nobody change anything, and what happens when it is back?",
  minutes: 0.5,
  minimumWrites: 20,
  claims: [
    {
      says: "There is only ever one leader, and the others check on it every minute or so",
      shows: "One leader, and a heartbeat every second: a new one 10 to 19 seconds after the loss.",
      holds: "partly",
    },
    {
      says: "When the leader is gone the others elect one, by timers of random length",
      shows: "They do; when votes split, the wait is another 10 to 19 seconds.",
      holds: "yes",
    },
    {
      says: "Failover takes a few seconds",
      shows: 'Writes wait for 9 to 21 seconds; "3 s" is of engines before 18.05.',
      holds: "no",
    },
  ],
  needs: (ground) => need.managers(ground, 3),
  run,
  judge,
};
