import type { NodeHandle } from "../../nodes/types.ts";
import { check } from "../checker.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { appImage, startTasksAnew } from "./app-tasks.ts";
import { firstWrite, loseManagers } from "./lost-managers.ts";
import { keepQuorum } from "./panics.ts";
import type { RestoreFacts } from "./whole-restore.ts";

const OLD = "drill-old";
const LATE = "drill-late";

/** A node as the swarm lists it: id and status, or nothing. */
type Entry = string;

interface Facts extends RestoreFacts {
  readonly worker: string;
  readonly oldId: string;
  readonly newId: string;
  /** Services of the drill, by name, and how many containers each has on the workers that the swarm knows. */
  readonly lostWorld: Services;
  readonly restoredWorld: Services;
  /** Status by node id in the swarm's list. */
  readonly entries: Readonly<Record<string, Entry>>;
  readonly entriesAfter: Readonly<Record<string, Entry>>;
  readonly opinion: string;
  readonly strays: number;
  readonly straysAfter: number;
  readonly finalId: string;
  readonly labelsBefore: Readonly<Record<string, string>>;
  readonly labelsAfter: Readonly<Record<string, string>>;
  readonly overlay: string;
  readonly quorum: readonly string[];
}

interface Services {
  readonly listed: readonly string[];
  readonly secrets: readonly string[];
  /** Containers on the worker that stayed. */
  readonly containers: Readonly<Record<string, number>>;
}

const named = (name: string) => `docker ps -q --filter label=com.docker.swarm.service.name=${name}`;

async function count(stage: Stage, node: NodeHandle, name: string): Promise<number> {
  return Number(await stage.on(node, `${named(name)} | wc -l`));
}

async function world(stage: Stage, stayed: NodeHandle): Promise<Services> {
  const [via, filter] = [await stage.leader(), `--filter label=swarm-lab.drill=${stage.runId}`];
  const list = async (what: string) => {
    const text = await stage.on(via, `docker ${what} ls ${filter} --format '{{.Name}}'`);
    return text.split("\n").filter(Boolean).sort();
  };
  const [old, late] = [await count(stage, stayed, OLD), await count(stage, stayed, LATE)];
  return {
    ...{ listed: await list("service"), secrets: await list("secret") },
    containers: { [OLD]: old, [LATE]: late },
  };
}

async function entries(stage: Stage): Promise<Record<string, string>> {
  const list = await stage.on(
    await stage.leader(),
    "docker node ls --format '{{.ID}} {{.Status}}'",
  );
  return Object.fromEntries(list.split("\n").map((line) => line.split(" ") as [string, string]));
}

const nodeId = (stage: Stage, node: NodeHandle) =>
  stage.on(node, "docker info --format '{{.Swarm.NodeID}}'");

/** Runs on every worker, so that the one that stays has a task as well. */
async function createService(stage: Stage, name: string, image: string, more = ""): Promise<void> {
  const label = `swarm-lab.drill=${stage.runId}`;
  await stage.on(
    await stage.leader(),
    `docker service create --quiet --detach=false --no-resolve-image --mode global --name ${name} --label ${label} \\
--constraint node.role==worker --stop-grace-period 3s ${more} ${image} >/dev/null`,
    { seconds: 90 },
  );
}

async function removeServices(stage: Stage): Promise<void> {
  const [via, filter] = [await stage.leader(), `--filter label=swarm-lab.drill=${stage.runId}`];
  for (const what of ["service", "secret"])
    await stage.on(via, `docker ${what} ls -q ${filter} | xargs -r docker ${what} rm >/dev/null`);
}

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

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { operations, reads, fault, cut } = evidence;
  const { undone, undoneSeconds } = check({ operations, reads, fault, cut, minimum: 0 });
  const { lostWorld, restoredWorld, oldId, newId, finalId } = seen;
  const status = (list: Facts["entries"], id: string) => list[id] ?? "not in the list";
  const { fingerprint } = seen.manifest;
  const services = (list: typeof fingerprint) =>
    list.services.map(({ name, id }) => `${name} ${id}`);
  return [
    checkThat(
      "before the loss the late service ran, and the old one was gone",
      `only ${LATE}, with its secret`,
      `${lostWorld.listed.join(", ")}; secrets ${lostWorld.secrets.join(", ")}; ${JSON.stringify(lostWorld.containers)}`,
      lostWorld.listed.join() === LATE &&
        lostWorld.secrets.join() === LATE &&
        (lostWorld.containers[LATE] ?? 0) > 0,
    ),
    checkThat(
      "every manager had lost the swarm",
      "inactive",
      seen.gone.join(", "),
      seen.gone.length > 0 && seen.gone.every((one) => one.endsWith(" inactive")),
    ),
    checkEqual("the cluster is the same", fingerprint.clusterId, seen.after.clusterId),
    checkThat(
      "the late service and its secret are gone",
      "neither",
      [...restoredWorld.listed, ...restoredWorld.secrets].filter((one) => one === LATE).join() ||
        "neither",
      !restoredWorld.listed.includes(LATE) && !restoredWorld.secrets.includes(LATE),
    ),
    checkEqual(
      "its containers were stopped on the worker that stayed",
      0,
      restoredWorld.containers[LATE],
    ),
    checkThat(
      "the old service is resurrected, and runs",
      "listed, 1 container or more",
      `${restoredWorld.listed.join(", ")}: ${restoredWorld.containers[OLD]}`,
      restoredWorld.listed.includes(OLD) && (restoredWorld.containers[OLD] ?? 0) > 0,
    ),
    checkEqual(
      "the lab's own services are the backup's",
      services(fingerprint),
      services(seen.after),
    ),
    checkThat(
      `${seen.worker} is unknown under its new id`,
      "not in the list",
      status(seen.entries, newId),
      newId !== "" && newId !== oldId && seen.entries[newId] === undefined,
    ),
    checkEqual("its old id is a ghost", "Down", status(seen.entries, oldId)),
    checkEqual("the restore says who is missing", [seen.worker], seen.restored.missingWorkers),
    checkThat(
      "its own engine notices nothing",
      `active ${newId}, the late service still runs there`,
      `${seen.opinion}, ${seen.strays} containers`,
      seen.opinion === `active ${newId}` && seen.strays > 0,
    ),
    checkThat(
      "after it left and joined again it is Ready, without the stray tasks",
      "a third id, Ready, 0 containers",
      `${finalId} ${status(seen.entriesAfter, finalId)}, ${seen.straysAfter} containers`,
      status(seen.entriesAfter, finalId) === "Ready" &&
        ![oldId, newId].includes(finalId) &&
        seen.straysAfter === 0,
    ),
    checkThat(
      "the ghost is removed",
      "not in the list",
      status(seen.entriesAfter, oldId),
      seen.entriesAfter[oldId] === undefined &&
        Object.keys(seen.entriesAfter).length === fingerprint.nodes.length,
    ),
    checkEqual("its labels are back", seen.labelsBefore, seen.labelsAfter),
    checkThat(
      "the quorum is whole",
      `${seen.manifest.managers.length} managers`,
      seen.quorum.join(", "),
      seen.quorum.length === seen.manifest.managers.length,
    ),
    checkThat(
      "requests cross the overlay between all nodes",
      "a request from every node",
      seen.overlay,
      /none was lost/.test(seen.overlay),
    ),
    checkThat(
      "what was written after the backup is undone, and counted",
      "1 write or more, over 1 s or more",
      `${undone} writes, ${undoneSeconds.toFixed(1)} s`,
      undone > 0 && undoneSeconds >= 1,
    ),
  ];
}

/** A8: a restore takes back what came after the backup, also from those who live. */
export const timeTravel: Drill = {
  name: "time-travel",
  question: "What does a restore do to everything that happened after the backup?",
  minutes: 4,
  minimumWrites: 20,
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
