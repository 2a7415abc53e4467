import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { judgeManagerReplacement } from "./manager-replacement-judge.ts";
import { followers, joinFirst, removeFirst } from "./manager-replacement-orders.ts";

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager");
  await stage.startTraffic();
  const wanted = await stage.fingerprint();
  await joinFirst(stage);
  // The new entry has neither the availability nor the labels of the old one: nobody has put them back.
  const [leader] = await followers(stage);
  await giveLabels(stage, leader, wanted);
  await removeFirst(stage);
  stage.mark("healed");
  stage.phase("verify", "three managers, each once");
  await stage.moreWrites(30, 60);
  const { nodes } = await stage.fingerprint();
  stage.fact("after", nodes);
  await keepQuorum(stage);
}

async function giveLabels(stage: Stage, leader: NodeHandle, { nodes }: SwarmFingerprint) {
  for (const { hostname, role, labels } of nodes.filter(({ role }) => role === "manager")) {
    const adds = Object.entries(labels).map(([key, value]) => `--label-add '${key}=${value}'`);
    if (role === "manager" && adds.length > 0)
      await stage.on(leader, `docker node update ${adds.join(" ")} ${hostname} >/dev/null`);
  }
}

/** C4 and C5: a manager that cannot come back, in both orders. */
export const managerReplacement: Drill = {
  name: "manager-replacement",
  question:
    "A manager's disk is lost, and a new machine stands ready. Do I join it first, or remove the old one?",
  minutes: 1.5,
  minimumWrites: 20,
  claims: [
    {
      says: "A manager that cannot be restored is replaced by another one",
      shows:
        "Demote, remove, join. Joined before the removal it makes four, of which one is dead: no other may be lost.",
      holds: "yes",
    },
    {
      says: "`docker swarm leave --force` takes a manager out of the swarm",
      shows: "The others go on counting it, Unreachable, until it is demoted and removed.",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3), need.expendable(ground)),
  run,
  judge: judgeManagerReplacement,
};
