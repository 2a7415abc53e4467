import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { certificateOf } from "./certificates.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { loseManagers } from "./lost-managers.ts";
import {
  judgeRestoreBeforeCaRotation,
  type Opinion,
  UNKNOWN_CA,
} from "./restore-before-ca-rotation-judge.ts";
import { entriesOf } from "./stranger.ts";

/** Seconds that workers get to come back to the restored manager; others are back in 16. */
const BACK = 25;

const byWorker = async <T>(stage: Stage, ask: (node: NodeHandle) => Promise<T>) =>
  Object.fromEntries(
    await Promise.all(stage.workers.map(async (node) => [node.name, await ask(node)] as const)),
  );

async function opinionOf(stage: Stage, node: NodeHandle): Promise<Opinion> {
  const info = await stage.on(
    node,
    "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}'",
  );
  const log = await stage.until<string>(`${node.name} has tried its manager`, 60, async () => {
    const lines = (await stage.engineLog(node, 400)).split("\n");
    const said = lines.findLast((line) => UNKNOWN_CA.test(line));
    return said === undefined ? { waiting: "it says nothing of it" } : { done: said };
  });
  return { info, log: log.replace(/^time="[^"]*" /, "").slice(0, 300) };
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a backup, then another root CA, and writers on every manager");
  await stage.startTraffic();
  await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.on(await stage.leader(), "docker swarm ca --rotate --quiet >/dev/null", {
    seconds: 90,
  });
  stage.fact("rotatedCa", (await stage.fingerprint()).caFingerprint);
  await stage.moreWrites(40, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  stage.phase("recover", "the managers come back from the backup, and with them the old root CA");
  stage.fact("restored", await stage.restore(backup, { workers: BACK, overlay: false }));
  stage.mark("healed");
  stage.fact("restoredCa", (await stage.fingerprint()).caFingerprint);
  stage.phase("prove", "no worker trusts it, and none says so where people look");
  stage.fact("entries", await byWorker(stage, (node) => entriesOf(stage, node)));
  stage.fact("opinions", await byWorker(stage, (node) => opinionOf(stage, node)));
  stage.fact("containersCut", await stage.containers());
  stage.phase("recover", "each worker leaves and joins again");
  const { nodes: known } = backup.manifest.fingerprint;
  await Promise.all(
    stage.workers.map(async (node) => {
      const wanted = known.find(({ hostname }) => hostname === node.name);
      if (wanted === undefined) throw new Error(`the backup has no ${node.name}`);
      await stage.rejoin(node, wanted);
    }),
  );
  stage.phase("verify", "every node is known, by a certificate of the restored root CA");
  await stage.whole(120);
  await startTasksAnew(stage);
  stage.fact("entriesAfter", await byWorker(stage, (node) => entriesOf(stage, node)));
  stage.fact("nodesAfter", (await stage.fingerprint()).nodes);
  const certificates = stage.nodes.map((node) => certificateOf(stage, node));
  stage.fact("certificates", await Promise.all(certificates));
  await keepQuorum(stage);
  await stage.moreWrites(60, 90);
}

/** A7: a backup that is older than the root CA. */
export const restoreBeforeCaRotation: Drill = {
  name: "restore-before-ca-rotation",
  question:
    "My backup is from before I rotated the root CA. What does it bring back, and who is lost?",
  minutes: 2.5,
  rewinds: true,
  minimumWrites: 20,
  claims: [
    {
      says: "Restore, then `--force-new-cluster`, and the workers come back.",
      shows:
        "With a backup from before a rotation of the root CA no worker does: its log says unknown authority, and it has to leave and join. A rotation asks for a backup.",
      holds: "partly",
    },
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge: judgeRestoreBeforeCaRotation,
};
