import { randomBytes } from "node:crypto";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage, StagedKey } from "../stage.ts";
import { ALONE, judgeAutolock } from "./autolock-judge.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { keyFile, lockForDrill } from "./key-files.ts";
import { said } from "./said.ts";
import { engineState } from "./stranger.ts";

/** A well-formed key that was never anybody's. */
const wrongKey = () => `SWMKEY-1-${randomBytes(32).toString("base64").replace(/=+$/, "")}\n`;

/** One manager is restarted: locked, then opened with the right key only. */
async function restartOne(stage: Stage, node: NodeHandle, key: StagedKey): Promise<void> {
  await stage.stop(node);
  await stage.start(node);
  const state = await engineState(stage, node, "locked");
  const list = said(await stage.try(node, "docker node ls"));
  const wrong = await stage.try(node, "docker swarm unlock", { stdin: wrongKey() });
  const right = await stage.unlock(node, key, 60);
  stage.fact("restarted", { state, list, wrongKey: said(wrong), rightKey: said(right) });
  await keepQuorum(stage);
}

/** First one manager alone, which has to wait for the others, then all. */
async function unlockAll(stage: Stage, key: StagedKey): Promise<void> {
  const [first, ...others] = stage.managers;
  if (first === undefined) throw new Error("a lab without a manager");
  const from = Date.now();
  let ended = false;
  const alone = stage.unlock(first, key, 120).finally(() => {
    ended = true;
  });
  await stage.until<true>(`${first.name} is watched`, ALONE + 5, async () =>
    ended || Date.now() - from >= ALONE * 1000 ? { done: true } : { waiting: "it is unlocked" },
  );
  stage.fact("waited", !ended);
  const together = Date.now();
  const unlocked = await Promise.all([
    alone,
    ...others.map((node) => stage.unlock(node, key, 120)),
  ]);
  stage.fact("unlocked", unlocked.map(said));
  stage.fact("unlockSeconds", (Date.now() - together) / 1000);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "autolock on, and writers on every manager");
  const key = await lockForDrill(stage);
  const files = (nodes: readonly NodeHandle[]) =>
    Promise.all(nodes.map((node) => keyFile(stage, node)));
  stage.fact("keyFiles", await files(stage.managers));
  stage.fact("workerKeyFiles", await files(stage.workers));
  await stage.startTraffic();
  stage.fact("clusterId", (await stage.fingerprint()).clusterId);
  stage.fact("containersBefore", await stage.containers());
  stage.phase("plant", "one manager is restarted");
  const leader = await stage.leader();
  const follower = stage.managers.find(({ name }) => name !== leader.name);
  if (follower === undefined) throw new Error("a lab without a second manager");
  await restartOne(stage, follower, key);
  stage.phase("break", "every manager loses its power, and it comes back");
  await Promise.all(stage.managers.map((node) => stage.kill(node)));
  stage.mark("fault");
  await Promise.all(stage.managers.map((node) => stage.start(node)));
  stage.phase("prove", "all are locked, and no API answers");
  stage.fact(
    "states",
    await Promise.all(stage.managers.map((node) => engineState(stage, node, "locked"))),
  );
  stage.fact("api", said(await stage.try(leader, "docker node ls")));
  stage.fact("workers", await Promise.all(stage.workers.map((node) => engineState(stage, node))));
  stage.phase("recover", "one is unlocked, and then all of them at once");
  await unlockAll(stage, key);
  await keepQuorum(stage);
  stage.mark("healed");
  stage.phase("verify", "the same cluster, with autolock, and no task noticed");
  await stage.moreWrites(60, 90);
  const { clusterId, settings } = await stage.fingerprint();
  stage.fact("clusterIdAfter", clusterId);
  stage.fact("autolockAfter", settings.autolock);
  stage.fact("containersAfter", await stage.containers());
}

/** D1: managers that start locked, one of them and all of them. */
export const autolock: Drill = {
  name: "autolock",
  question: "With autolock on, the power fails in the whole room. What do I do, in which order?",
  minutes: 1,
  minimumWrites: 20,
  claims: [
    {
      says: "The cluster store is encrypted; autolock keeps its key out of the managers' disks.",
      shows:
        "Without autolock the key lies in clear beside the store; with it a restarted manager is locked until it is given the key. Workers never lock.",
      holds: "partly",
    },
    {
      says: "`docker swarm unlock` opens a manager at once.",
      shows:
        "After a power cut it waits until a quorum is unlocked: all managers have to be unlocked at the same time.",
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
  judge: judgeAutolock,
};
