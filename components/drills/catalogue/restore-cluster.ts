import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { judgeRestore } from "./whole-restore.ts";

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers on every manager, then a backup, then more writes");
  await stage.startTraffic();
  await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
  stage.fact("secretsBefore", await stage.secretHashes());
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.moreWrites(60, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  stage.phase("recover", "the backup goes back to the address it came from");
  const restored = await stage.restore(backup);
  stage.fact("containersAfter", await stage.containers());
  stage.fact("restored", restored);
  stage.mark("healed");
  stage.phase("verify", "identity, objects, tasks, secrets, writes");
  await firstWrite(stage);
  stage.fact("after", await stage.fingerprint());
  await stage.moreWrites(60, 90);
  await startTasksAnew(stage);
  stage.fact("secretsAfter", await stage.secretHashes());
}

/** A3: total loss of the managers, restored where they were. */
export const restoreCluster: Drill = {
  name: "restore-cluster",
  question:
    "All my managers are gone. Do I get my swarm back from one backup, and is anything lost?",
  minutes: 2,
  rewinds: true,
  minimumWrites: 20,
  claims: [
    {
      says: "A backup holds the Raft keys, membership, services, networks, configs and secrets",
      shows:
        "all of them come back, and worker containers are not even restarted; not the unlock key, volumes or images",
      holds: "yes",
    },
    {
      says: "A restore goes to the same version, and to an engine that is stopped",
      shows: "anything else is refused before a file is moved",
      holds: "yes",
    },
    {
      says: "Losing all managers means a new cluster",
      shows: "with a backup it is the same cluster: same id, CA, tokens, node ids",
      holds: "no",
    },
    {
      says: "After a restore the overlay is whole when the managers are",
      shows: "it has its own membership, which may take up to two minutes more",
      holds: "no",
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
  judge: (evidence) => judgeRestore(evidence),
};
