import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { appImage, startTasksAnew } from "./app-tasks.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { judgeTimeTravel } from "./time-travel-judge.ts";
import {
  count,
  createService,
  entries,
  LATE,
  nodeId,
  OLD,
  removeServices,
  type Services,
  world,
} from "./time-travel-world.ts";

/** What happens after the backup: one service comes, one goes, and a worker becomes another node. */
async function liveOn(stage: Stage, worker: NodeHandle, image: string): Promise<void> {
  const leader = await stage.leader();
  await stage.on(
    leader,
    `head -c 24 /dev/urandom | docker secret create --label swarm-lab.drill=${stage.runId} ${LATE} - >/dev/null`,
  );
  await createService(stage, LATE, image, `--secret ${LATE}`);
  await stage.on(leader, `docker service rm ${OLD} >/dev/null`);
  const wanted = (await stage.fingerprint()).nodes.find(({ hostname }) => hostname === worker.name);
  if (wanted === undefined) throw new Error(`${worker.name} is not in the list`);
  stage.fact("oldId", wanted.id);
  stage.fact("labelsBefore", wanted.labels);
  await stage.rejoin(worker, wanted);
  stage.fact("newId", await nodeId(stage, worker));
}

async function run(stage: Stage): Promise<void> {
  const [stayed, worker] = stage.workers;
  if (stayed === undefined || worker === undefined) throw new Error("a lab without two workers");
  stage.fact("worker", worker.name);
  stage.phase("plant", "a service, a backup, and then the swarm lives on");
  const image = await appImage(stage);
  try {
    await createService(stage, OLD, image);
    await stage.startTraffic();
    await stage.moreWrites(60, 60); // those of the last seconds before the cut count on neither side
    const backup = await stage.backUp();
    stage.fact("manifest", backup.manifest);
    await liveOn(stage, worker, image);
    await stage.whole(120);
    await stage.moreWrites(60, 60);
    stage.fact("lostWorld", await world(stage, stayed));
    await loseManagers(stage);
    stage.phase("recover", "the backup comes back, and with it its time");
    stage.fact("restored", await stage.restore(backup, { workers: 45, overlay: false }));
    stage.mark("healed");
    await firstWrite(stage);
    stage.phase("verify", "what the restore did to the living");
    await seeTheOldWorld(stage, stayed, worker);
    stage.phase("recover", `${worker.name} leaves the swarm that is no more and joins this one`);
    const wanted = backup.manifest.fingerprint.nodes.find(
      ({ hostname }) => hostname === worker.name,
    );
    if (wanted === undefined) throw new Error(`the backup has no ${worker.name}`);
    await stage.rejoin(worker, wanted);
    stage.phase("verify", "all nodes are known again");
    stage.fact("straysAfter", await count(stage, worker, LATE));
    stage.fact("finalId", await nodeId(stage, worker));
    stage.fact("entriesAfter", await entries(stage));
    const after = await stage.fingerprint();
    stage.fact("after", after);
    const now = after.nodes.filter(({ hostname }) => hostname === worker.name);
    stage.fact("labelsAfter", now[0]?.labels ?? {});
    await keepQuorum(stage);
    await stage.moreWrites(60, 60);
  } finally {
    stage.phase("restore-lab", "the drill's services go");
    await removeServices(stage);
  }
  // Nothing moves back by itself to a node that has come back.
  await startTasksAnew(stage);
  stage.fact("overlay", await stage.overlay());
}

/** Waits until the restored swarm has done its work on the worker that stayed, then keeps what there is. */
async function seeTheOldWorld(stage: Stage, stayed: NodeHandle, worker: NodeHandle): Promise<void> {
  const seen = await stage.until<Services>("the services are those of the backup", 90, async () => {
    const now = await world(stage, stayed);
    const [old = 0, late = 0] = [now.containers[OLD], now.containers[LATE]];
    return late === 0 && old > 0
      ? { done: now }
      : { waiting: `on ${stayed.name} run ${old} of ${OLD} and ${late} of ${LATE}` };
  });
  stage.fact("restoredWorld", seen);
  stage.fact("entries", await entries(stage));
  const format = "'{{.Swarm.LocalNodeState}} {{.Swarm.NodeID}}'";
  stage.fact("opinion", await stage.on(worker, `docker info --format ${format}`));
  stage.fact("strays", await count(stage, worker, LATE));
}

/** A8: a restore takes back what came after the backup, also from those who live. */
export const timeTravel: Drill = {
  name: "time-travel",
  question: "What does a restore do to everything that happened after the backup?",
  minutes: 4,
  rewinds: true,
  minimumWrites: 20,
  claims: [
    {
      says: "After a clean restore the same services run as before",
      shows: "those made after the backup are stopped, those removed since come back to life",
      holds: "no",
    },
  ],
  needs: (ground) =>
    need.all(
      need.managers(ground, 3),
      need.workers(ground, 2),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge: judgeTimeTravel,
};
