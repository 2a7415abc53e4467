import { compareFingerprints } from "../../backup/difference.ts";
import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import { checkQuorum, checkUntouched } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { ackedWithin, checkAtMost, except, inWords, members } from "./members.ts";
import { refusedBy } from "./refusal.ts";
import { spreadAgain } from "./spread.ts";

interface Facts {
  readonly survivor: string;
  readonly lost: readonly string[];
  readonly fenced: readonly boolean[];
  readonly refusal: string;
  readonly before: SwarmFingerprint;
  readonly after: SwarmFingerprint;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersAfter: readonly TaskContainer[];
  /** What the lone manager lists of the lost ones, their role, and its answer to the demotion of one. */
  readonly ghosts: readonly string[];
  readonly roles: readonly string[];
  readonly demotion: string;
  readonly missing: readonly string[];
  readonly removed: readonly string[];
  readonly overlay: string;
}

/** The lost managers as the lone one lists them: managers by their role, and none by their status. */
async function lookAtGhosts(stage: Stage, { before }: Pick<Facts, "before">): Promise<void> {
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
  await lookAtGhosts(stage, { before });
  stage.fact("removed", await stage.removeGhosts(survivor, before));
  for (const node of lost) {
    const wanted = before.nodes.find(({ hostname }) => hostname === node.name);
    if (wanted !== undefined) await stage.rejoin(node, wanted);
  }
  stage.fact("overlay", await stage.overlay());
  stage.mark("healed");
  stage.phase("verify", "the same swarm, and all of it");
  await stage.moreWrites(30, 90);
  stage.fact("after", await stage.fingerprint());
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { fault = 0, force = 0, forced = 0, workers = 0, healed = 0 } = evidence.marks;
  const acked = ackedWithin(evidence, fault, force);
  const differences = compareFingerprints(seen.before, seen.after, {
    rejoined: seen.lost,
    rewritten: true,
  });
  return [
    checkThat(
      "nothing is written without a quorum",
      "0 acknowledged",
      `${acked} in ${((force - fault) / 1000).toFixed(0)} s: ${seen.refusal.slice(0, 100)}`,
      force > fault && acked === 0 && seen.refusal !== "",
    ),
    checkThat(
      "the lost ones cannot come back: they are off",
      `${seen.lost.length} machines off`,
      `${seen.fenced.filter(Boolean).length}`,
      seen.fenced.length === seen.lost.length && seen.fenced.every(Boolean),
    ),
    checkAtMost("the new cluster is made", 80, (forced - force) / 1000),
    checkThat(
      "workers are Ready under their old ids",
      "0 missing",
      `${seen.missing.length} missing after ${((workers - forced) / 1000).toFixed(1)} s`,
      seen.missing.length === 0 && workers > forced,
    ),
    checkUntouched(
      "tasks on workers were not restarted",
      seen.containersBefore,
      seen.containersAfter,
    ),
    checkThat(
      "the lost ones are managers by role and by nothing else",
      `${seen.lost.length} with the role manager and no manager status`,
      `${seen.ghosts.join(", ")}; ${seen.roles.join(", ")}`,
      seen.ghosts.length === seen.lost.length &&
        seen.ghosts.every((one) => one.split(" ").length === 2) &&
        seen.roles.length === seen.lost.length &&
        seen.roles.every((one) => one === "manager"),
    ),
    checkThat(
      "they cannot be demoted",
      "can't find manager in raft memberlist",
      seen.demotion.slice(0, 160),
      /can't find manager/.test(seen.demotion),
    ),
    checkEqual("they are removed all the same", [...seen.lost].sort(), [...seen.removed].sort()),
    checkThat(
      "it is the same swarm, with the same keys, nodes and objects",
      "no difference",
      differences
        .map(({ what, expected, seen: now }) => `${what}: ${expected} -> ${now}`)
        .join("; ") || "no difference",
      differences.length === 0,
    ),
    checkThat(
      "requests cross the overlay between all nodes with tasks",
      "a request from every node",
      `${seen.overlay} (${((healed - forced) / 1000).toFixed(0)} s after the new cluster)`,
      / requests crossed /.test(seen.overlay),
    ),
    checkQuorum(evidence.facts),
  ];
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
    "Managers are drained here, so that the overlay is asked from the workers.",
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 2),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge,
};
