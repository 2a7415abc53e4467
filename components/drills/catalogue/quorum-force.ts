import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { startEverywhere } from "./everywhere.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { except, inWords, members } from "./members.ts";
import { judgeQuorumForce } from "./quorum-force-judge.ts";
import { refusedBy } from "./refusal.ts";
import { spreadAgain } from "./spread.ts";

/** The lost managers as the lone one lists them: managers by their role, and none by their status. */
async function lookAtGhosts(stage: Stage, before: SwarmFingerprint): Promise<void> {
  const survivor = await stage.leader();
  const lost = before.nodes.filter(
    ({ role, hostname }) => role === "manager" && hostname !== survivor.name,
  );
  const list = (await members(stage, survivor)).filter(({ id }) =>
    lost.some((one) => one.id === id),
  );
  stage.fact("ghosts", list.map(inWords));
  const ids = lost.map(({ id }) => id).join(" ");
  const roles = await stage.on(survivor, `docker node inspect --format '{{.Spec.Role}}' ${ids}`);
  stage.fact("roles", roles.split("\n"));
  const demotion = await stage.try(survivor, `docker node demote ${lost[0]?.id}`);
  stage.fact("demotion", demotion.code === 0 ? "it was demoted" : demotion.stderr.trim());
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, and tasks on every worker");
  await spreadAgain(stage);
  await stage.startTraffic();
  // What was acknowledged is in the leader's log for certain; a follower may lack the last of it.
  const survivor = await stage.leader();
  const lost = except(stage.managers, survivor);
  const everywhere = await startEverywhere(stage, [survivor]);
  const before = await stage.fingerprint();
  stage.fact("survivor", survivor.name);
  stage.fact(
    "lost",
    lost.map(({ name }) => name),
  );
  stage.fact("before", before);
  stage.fact("containersBefore", await stage.containers());
  stage.phase("break", `all managers but ${survivor.name} lose their power and their disks`);
  await Promise.all(lost.map((node) => stage.kill(node)));
  stage.mark("fault");
  await Promise.all(lost.map((node) => stage.wipe(node)));
  stage.phase("prove", "there is no quorum, and nobody of it can come back");
  stage.fact("refusal", await refusedBy(stage, survivor));
  stage.fact("fenced", await Promise.all(lost.map(async (node) => !(await stage.isOn(node)))));
  stage.phase("recover", `a new cluster from what ${survivor.name} knows`);
  stage.mark("force");
  await stage.leadWorkers(survivor);
  await stage.force(survivor, before);
  stage.mark("forced");
  stage.fact("missing", await stage.workersBack(survivor, before));
  stage.mark("workers");
  stage.fact("containersAfter", await stage.containers());
  await lookAtGhosts(stage, before);
  stage.fact("removed", await stage.removeGhosts(survivor, before));
  for (const node of lost) {
    const wanted = before.nodes.find(({ hostname }) => hostname === node.name);
    if (wanted !== undefined) await stage.rejoin(node, wanted);
  }
  await everywhere.run();
  const nodes = [...stage.managers, ...stage.workers];
  stage.fact(
    "nodes",
    nodes.map(({ name }) => name),
  );
  stage.fact("overlay", await stage.overlay({ service: everywhere.service, nodes }));
  stage.mark("healed");
  await everywhere.asBefore(lost);
  stage.phase("verify", "the same swarm, and all of it");
  await stage.moreWrites(30, 90);
  stage.fact("after", await stage.fingerprint());
  await keepQuorum(stage);
}

/** B6 and B9: the quorum is gone for good, and a new cluster is forced in place, without a backup. */
export const quorumForce: Drill = {
  name: "quorum-force",
  question:
    "Two of three managers are gone for good. How do I go on with the one I have, and is it the same swarm?",
  minutes: 2,
  minimumWrites: 20,
  claims: [
    {
      says: "When the quorum cannot be restored, a new cluster is forced",
      shows:
        "The same cluster id, keys, nodes and objects; tasks on workers run on; then the ghosts go and managers join.",
      holds: "yes",
    },
    {
      says: "After a forced cluster the dead managers are demoted, then removed",
      shows:
        'Demotion fails ("can\'t find manager in raft memberlist"); `docker node rm --force` is right.',
      holds: "no",
    },
  ],
  limits: [
    "The survivor is the leader of before: another one may lack the last acknowledged writes.",
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 2),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge: judgeQuorumForce,
};
