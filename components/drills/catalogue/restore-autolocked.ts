import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { startTasksAnew } from "./app-tasks.ts";
import { awaitSealed, restart } from "./autolock-steps.ts";
import { documentedWay, together } from "./autolock-ways.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { judgeAutolocked } from "./restore-autolocked-judge.ts";

/** Leaves autolock as it was also when the drill fails midway and any manager still leads. */
async function run(stage: Stage): Promise<void> {
  const had = (await stage.fingerprint()).settings.autolock;
  try {
    await lockAndRestore(stage);
  } catch (error) {
    for (const node of had ? [] : stage.managers)
      await stage.try(node, "docker swarm update --autolock=false >/dev/null", { seconds: 10 });
    throw error;
  }
  stage.phase("restore-lab", "autolock as it was");
  if (had) return;
  await stage.autolock(false);
  await awaitSealed(stage, stage.managers, false);
}

async function lockAndRestore(stage: Stage): Promise<void> {
  stage.phase("plant", "autolock on, writers, a backup, more writes");
  const old = await stage.autolock(true);
  if (old === undefined) throw new Error("autolock was switched on, and there is no unlock key");
  await awaitSealed(stage, stage.managers, true);
  await stage.startTraffic();
  await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
  stage.fact("secretsBefore", await stage.secretHashes());
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.moreWrites(60, 60);
  stage.fact("containersBefore", await stage.containers());
  await loseManagers(stage);
  const node = stage.managers.find(({ name }) => name === backup.manifest.node.name);
  if (node === undefined) throw new Error(`${backup.manifest.node.name} is no manager of the lab`);
  await documentedWay(stage, backup, node, old);
  stage.phase("recover", "the key file opened with the unlock key before the engine starts");
  const restored = await stage.restore(backup);
  stage.fact("containersAfter", await stage.containers());
  stage.fact("restored", restored);
  stage.mark("healed");
  stage.phase("verify", "identity, tasks, secrets, writes, and autolock with a new key");
  await firstWrite(stage);
  stage.fact("after", await stage.fingerprint());
  const key = await stage.currentKey();
  if (key === undefined) throw new Error("autolock is not on after the restore");
  stage.fact("keys", { backup: backup.manifest.unlockKey?.hash, restored: key.hash });
  await stage.moreWrites(60, 90);
  await startTasksAnew(stage);
  stage.fact("secretsAfter", await stage.secretHashes());
  await stage.endTraffic();
  const leader = await stage.leader();
  const follower = stage.managers.find(({ name }) => name !== leader.name);
  if (follower !== undefined) await restart(stage, follower, old, key);
  await together(stage, key);
}

/** A6: a restore with autolock: the documented way, then two that work. */
export const restoreAutolocked: Drill = {
  name: "restore-autolocked",
  question: "My managers were locked with an unlock key. Does my backup start, and who opens it?",
  minutes: 5,
  rewinds: true,
  minimumWrites: 20,
  limits: [
    "An engine in FIPS mode seals its key file in another way, which is refused and was not tried.",
  ],
  claims: [
    {
      says: "With autolock: start, unlock, then `--force-new-cluster`",
      shows:
        "with more than one manager unlock never returns, and the engine has to be killed; its key file is opened before the start instead",
      holds: "no",
    },
    {
      says: "`--force-new-cluster` keeps the swarm's settings",
      shows: "it switches autolock off without a word",
      holds: "no",
    },
    {
      says: "A backup holds the unlock key",
      shows: "it does not; each backup needs the key of its time",
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
  judge: judgeAutolocked,
};
