import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { fillState, SEGMENT } from "./big-state.ts";
import { judgeDiskFull, TORN } from "./disk-full-judge.ts";
import { replace, SWARM, smallManager, statusOf, stays, usedOf } from "./disk-full-manager.ts";
import { type Said, said } from "./said.ts";
import { removeEntries } from "./stranger.ts";

const INFO = "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}'";

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a fourth manager with a small disk for its swarm, and writers");
  const { machine, id } = await smallManager(stage);
  await stage.startTraffic();
  const leader = await stage.leader();
  const before = await usedOf(stage, machine);
  stage.phase("break", "its disk is filled to the last byte");
  stage.mark("fault");
  await stage.try(machine, `cat /dev/zero > ${SWARM}/full`);
  const full = await usedOf(stage, machine);
  stage.phase("prove", "nobody notices, until its segment of the log is full too");
  await stage.moreWrites(60, 60);
  stage.fact("entryFull", await statusOf(stage, machine));
  const state = await fillState(stage, leader, SEGMENT);
  const stopped = await stage.until<string>(`${machine.name} is out`, 90, async () => {
    const status = await statusOf(stage, machine);
    return /Unreachable/.test(status) ? { done: status } : { waiting: status };
  });
  stage.fact("entryStopped", stopped);
  const log = (await stage.engineLog(machine, 2000)).split("\n");
  const line = log.find((line) => /no space left on device/.test(line)) ?? "nothing of space";
  stage.fact("said", line.replace(/^time="[^"]*" /, "").slice(0, 300));
  await stage.on(machine, `rm ${SWARM}/full ${SWARM}/taken`);
  const freed = await usedOf(stage, machine);
  stage.fact("used", { before, full, freed });
  stage.phase("prove", "room alone does not bring it back: its log ends in half an entry");
  const room = await stage.until<Said>(
    `the engine of ${machine.name} tries again`,
    90,
    async () => {
      const now = said(await stage.try(machine, INFO));
      return TORN.test(now.text) ? { done: now } : { waiting: now.text };
    },
  );
  stage.fact("room", room);
  stage.phase("recover", "it is removed, and joins as a new manager");
  const from = Date.now();
  const after = await replace(stage, machine);
  const back = await stays(stage, machine, "Ready Reachable");
  stage.fact("ids", { before: id, after });
  stage.fact("secondsBack", (back.at - from) / 1000);
  stage.fact("entryBack", back.status);
  stage.mark("healed");
  stage.phase("verify", "no write is lost, and the managers with room kept their leader");
  await stage.moreWrites(30, 60);
  stage.fact("leaders", [leader.name, (await stage.leader()).name]);
  await removeEntries(stage, machine);
  await state.forget();
}

/** F1: a manager's disk that is full. */
export const diskFull: Drill = {
  name: "disk-full",
  question: "A manager's disk is full and nothing happens. When will it, and what then?",
  minutes: 1.5,
  minimumWrites: 20,
  claims: [
    {
      says: "A manager whose disk was full is well again once there is room.",
      shows:
        "It runs on until its segment of the log is full; then its log is torn for good, and only a new membership brings it back. Nothing is lost, as the others have it all.",
      holds: "no",
    },
  ],
  limits: [
    "The manager whose disk is full follows; a leader's leaves its place to another, as when it is lost (leader-loss).",
    "The disk is one in memory, of a manager that is there for this drill only.",
  ],
  needs: (ground) =>
    need.all(need.spareMachine(ground), need.managers(ground, 3), need.expendable(ground)),
  run,
  judge: judgeDiskFull,
};
