import { majority, tolerance } from "../../swarm/quorum.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import {
  ackedWithin,
  backAsManager,
  checkAtMost,
  except,
  listed,
  members,
  waited,
} from "./members.ts";

interface Facts {
  readonly managers: number;
  readonly leaderBefore: string;
  readonly leaderAfter: string;
  readonly lost: string;
  readonly lostId: string;
  readonly returnedId: string;
  readonly unreachable: string;
  readonly down: string;
  /** Answer to the attempt to demote one of the two that are left. */
  readonly refusal: string;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const leader = await stage.leader();
  const [node, other] = except(stage.managers, leader);
  if (node === undefined || other === undefined) throw new Error("a lab without three managers");
  const idOf = async () =>
    (await members(stage, leader)).find(({ name }) => name === node.name)?.id;
  stage.fact("managers", stage.managers.length);
  stage.fact("leaderBefore", leader.name);
  stage.fact("lost", node.name);
  stage.fact("lostId", await idOf());
  stage.phase("break", `${node.name}, a follower, loses its power`);
  stage.mark("fault");
  await stage.kill(node);
  stage.phase("prove", "the others miss it, and can spare nobody else");
  stage.fact("unreachable", await listed(stage, leader, node.name, /Unreachable$/));
  const refused = await stage.try(leader, `docker node demote ${other.name}`);
  stage.fact("refusal", refused.code === 0 ? "it was demoted" : refused.stderr.trim());
  if (refused.code === 0) await stage.on(leader, `docker node promote ${other.name}`);
  stage.fact("down", await listed(stage, leader, node.name, /^\S+ Down /));
  stage.mark("down");
  stage.phase("recover", "it is switched on");
  await stage.start(node);
  await backAsManager(stage, leader, node);
  stage.mark("healed");
  stage.phase("verify", "as before, under the same leader");
  await stage.moreWrites(30, 60);
  stage.fact("returnedId", await idOf());
  stage.fact("leaderAfter", (await stage.leader()).name);
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, down = 0, healed = 0 } = evidence.marks;
  const { managers } = seen;
  const acked = ackedWithin(evidence, fault, healed);
  return [
    checkThat(
      "the others miss it",
      `${seen.lost} Unreachable, then Down`,
      `${seen.unreachable}, then ${seen.down}`,
      seen.unreachable.startsWith(`${seen.lost} `) &&
        seen.unreachable.endsWith(" Unreachable") &&
        seen.down.startsWith(`${seen.lost} Down `),
    ),
    checkAtMost("it is Down after three heartbeats of 5 s", 45, (down - fault) / 1000),
    checkAtMost("writes never pause", 3, waited(evidence, fault, healed)),
    checkThat(
      `the ${managers - 1} that are left, a majority of ${majority(managers)}, acknowledge`,
      "20 writes or more meanwhile",
      `${acked}`,
      managers - 1 >= majority(managers) && acked >= 20,
    ),
    checkThat(
      `no more than ${tolerance(managers)} of ${managers} can be spared`,
      "the demotion of another is refused: it would lose the quorum",
      seen.refusal.slice(0, 200),
      /loss of quorum/.test(seen.refusal),
    ),
    checkEqual("there was no election", seen.leaderBefore, seen.leaderAfter),
    checkEqual("it comes back under its node id", seen.lostId, seen.returnedId),
    checkQuorum(evidence.facts),
  ];
}

/** B4: one follower of three. */
export const followerLoss: Drill = {
  name: "follower-loss",
  question:
    "One of three managers dies, not the leader. Does anybody notice, and can I lose another?",
  minutes: 0.5,
  minimumWrites: 20,
  claims: [
    {
      says: "Raft allows for (N-1)/2 failures, and needs a quorum of (N/2)+1",
      shows:
        "With two of three writes do not pause, and the swarm refuses to give up a second one.",
      holds: "yes",
    },
    {
      says: "A manager's status is Leader, Reachable or Unavailable",
      shows:
        "The word is Unreachable; and it is blank for a worker and after a forced new cluster.",
      holds: "partly",
    },
    {
      says: "A node is Down when it has been silent for 5 seconds",
      shows: "After three heartbeats of 5 s; after six when there was an election.",
      holds: "no",
    },
  ],
  needs: (ground) => need.managers(ground, 3),
  run,
  judge,
};
