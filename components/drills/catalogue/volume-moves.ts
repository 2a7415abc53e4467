import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { appImage, removeVolume } from "./app-tasks.ts";
import { judgeShared, moveShared, type SharedFacts } from "./shared-storage.ts";
import { fillVolume, seeVolume, type VolumeSeen, withVolume } from "./task-volume.ts";

/** Seconds that a task is watched which has nowhere to go, or no reason to. */
const WATCHED = 5;

interface Facts {
  readonly home: string;
  readonly planted: VolumeSeen;
  readonly moved: VolumeSeen;
  /** After its old node took tasks again, and nobody did anything. */
  readonly stayed: VolumeSeen;
  readonly pinned: VolumeSeen;
  /** Tasks that want to run, `NODE|STATE|REASON`, while the node that the service is pinned to takes none. */
  readonly pending: readonly string[];
  readonly back: VolumeSeen;
  readonly shared: SharedFacts;
}

const named = (stage: Stage) => `drill-${stage.runId}-data`;
/** Lets a node take the service's tasks or not: what is there has to go, as when the node is drained or lost. */
const allow = async (stage: Stage, node: NodeHandle, yes: boolean) =>
  stage.on(
    await stage.leader(),
    `docker node update ${yes ? "--label-add" : "--label-rm"} ${named(stage)}${yes ? "=true" : ""} ${node.name} >/dev/null`,
  );

async function plant(stage: Stage, home: NodeHandle, image: string): Promise<void> {
  const leader = await stage.leader();
  const service = named(stage);
  stage.defer("service, volumes and labels go", async () => {
    const via = await stage.leader();
    await stage.try(via, `docker service rm ${service}`);
    for (const node of stage.workers) {
      await removeVolume(stage, node, service);
      await stage.try(via, `docker node update --label-rm ${service} ${node.name}`);
    }
  });
  await allow(stage, home, true);
  const placed = `--constraint node.labels.${service}==true`;
  const mount = `type=volume,source=${service},target=/data`;
  await stage.on(leader, withVolume(stage, { service, image, placed, mount }));
  await seeVolume(stage, service, home);
  await fillVolume(stage, service, home);
}

/** Tasks that want to run and what keeps them from it. */
async function wanted(stage: Stage): Promise<string[]> {
  const list = `docker service ps --no-trunc --filter desired-state=running --format '{{.Node}}|{{.CurrentState}}|{{.Error}}' ${named(stage)}`;
  return (await stage.on(await stage.leader(), list)).split("\n").filter(Boolean);
}

async function run(stage: Stage): Promise<void> {
  const [other, home] = stage.workers;
  if (home === undefined || other === undefined) throw new Error("a lab without two workers");
  stage.fact("home", home.name);
  stage.phase("plant", `a service with its data on a volume of ${home.name}`);
  const image = await appImage(stage);
  await plant(stage, home, image);
  stage.fact("planted", await seeVolume(stage, named(stage), home));
  stage.phase("break", `${home.name} may run it no longer, and ${other.name} may`);
  stage.mark("fault");
  await allow(stage, other, true);
  await allow(stage, home, false);
  stage.phase("prove", "it is healthy there, and empty, and stays when its node is back");
  stage.fact("moved", await seeVolume(stage, named(stage), other));
  await allow(stage, home, true);
  const free = Date.now();
  stage.fact(
    "stayed",
    await stage.until<VolumeSeen>("its task is watched", 60, async () => {
      const now = await seeVolume(stage, named(stage), other);
      return Date.now() - free > WATCHED * 1000 ? { done: now } : { waiting: "it is there" };
    }),
  );
  stage.phase("recover", `the service is pinned to ${home.name}`);
  const pin = `docker service update --quiet --detach --constraint-add node.hostname==${home.name} ${named(stage)} >/dev/null`;
  await stage.on(await stage.leader(), pin);
  stage.fact("pinned", await seeVolume(stage, named(stage), home));
  stage.phase(
    "verify",
    "it waits for its node rather than starting empty; on shared storage it moves with its data",
  );
  await allow(stage, home, false);
  const from = Date.now();
  stage.fact(
    "pending",
    await stage.until<string[]>("its task waits for a node", 60, async () => {
      const tasks = await wanted(stage);
      return Date.now() - from > WATCHED * 1000 && tasks.every((one) => /\|Pending/.test(one))
        ? { done: tasks }
        : { waiting: tasks.join(", ") || "no task wants to run" };
    }),
  );
  await allow(stage, home, true);
  stage.fact("back", await seeVolume(stage, named(stage), home));
  stage.fact("shared", await moveShared(stage, image, home, other));
  stage.mark("healed");
}

const words = ({ health, files, node }: VolumeSeen) => `${health} with ${files} files on ${node}`;

function judge({ facts }: Evidence): Check[] {
  const { home, planted, moved, stayed, pinned, pending, back, shared } = facts as unknown as Facts;
  const empty = ({ node, health, files, sha256 }: VolumeSeen) =>
    node !== home && health === "healthy" && files === 0 && sha256 !== planted.sha256;
  return [
    checkThat(
      "there was something to lose",
      `files on ${home}`,
      words(planted),
      planted.node === home && planted.files > 0 && /^[0-9a-f]{64}$/.test(planted.sha256),
    ),
    checkThat(
      "the task that moves is healthy, and empty",
      `healthy with 0 files, not on ${home}`,
      words(moved),
      empty(moved),
    ),
    checkThat(
      "it does not go back by itself",
      `on ${moved.node}, empty`,
      words(stayed),
      empty(stayed) && stayed.node === moved.node,
    ),
    checkEqual(
      "pinned to its node it has its data again",
      [home, planted.sha256],
      [pinned.node, pinned.sha256],
    ),
    checkThat(
      "without its node it waits, and does not start empty elsewhere",
      "one task, Pending: no suitable node",
      pending.join(", ") || "none",
      pending.length === 1 && pending.every((one) => /^\|Pending.*\|.*no suitable node/.test(one)),
    ),
    checkEqual(
      "with its node it is back, data and all",
      [home, planted.sha256],
      [back.node, back.sha256],
    ),
    ...judgeShared(shared),
  ];
}

/** A12's pitfall: a volume of the local driver belongs to a node, and a task does not. */
export const volumeMoves: Drill = {
  name: "volume-moves",
  question: "My database's task moved to another node. Why is it green, and where is my data?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Swarm heals itself: a task whose node dies goes on elsewhere.",
      shows:
        "The task does, its volume does not: it is healthy and empty on the other node, and does not go back when its node does.",
      holds: "partly",
    },
  ],
  limits: [
    "Storage that nodes share (NFS) is tried where the kernel has a client of it. Without one, what is shown is the other way out: a service that is pinned to its data.",
  ],
  needs: (ground) => need.all(need.workers(ground, 2), need.app(ground)),
  run,
  judge,
};
