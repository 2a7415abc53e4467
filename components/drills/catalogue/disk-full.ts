import type { NodeHandle } from "../../nodes/types.ts";
import { longestGap } from "../checker.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { fillState, SEGMENT } from "./big-state.ts";
import { ending, type Said, said } from "./said.ts";
import {
  askToJoin,
  awaitEntry,
  engineState,
  entriesOf,
  joinToken,
  removeEntries,
  stranger,
} from "./stranger.ts";

const SWARM = "/var/lib/docker/swarm";
/** The small disk, in MB: three segments of the log and some, of which only one is to be had at first. */
const DISK = 260;
const TAKEN = 170;
/** Seconds that it has to be Reachable without a break to be called back. */
const STEADY = 6;

interface Facts {
  /** Per cent of the small disk that are used, before and after it is filled, and after it is freed. */
  readonly used: { readonly before: number; readonly full: number; readonly freed: number };
  /** The manager's entry while its disk is full and the log has room, then at the end of its segment. */
  readonly entryFull: string;
  readonly entryStopped: string;
  /** What its engine said first of the lack of space. */
  readonly said: string;
  /** The state of the engine once there is room again. */
  readonly room: Said;
  /** The manager's entry at the end, and how long it took to replace it. */
  readonly entryBack: string;
  readonly secondsBack: number;
  readonly ids: { readonly before: string; readonly after: string };
  readonly leaders: readonly string[];
}

const INFO = "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}'";
/** What an engine says of a log whose last entry is not whole. */
const TORN = /irreparable WAL error|max entry size limit exceeded/;

const usedOf = async (stage: Stage, node: NodeHandle) =>
  Number((await stage.on(node, `df --output=pcent ${SWARM} | tail -n 1`)).replaceAll(/\D/g, ""));

/** A manager whose swarm directory is on a disk of its own that is small, and mostly taken. */
async function smallManager(stage: Stage) {
  const machine = await stranger(stage, "small");
  await stage.on(
    machine,
    `mkdir -p ${SWARM}; mount -t tmpfs -o size=${DISK}m,mode=0700 drill ${SWARM}
fallocate -l ${TAKEN}M ${SWARM}/taken`,
  );
  return { machine, id: await joinAsManager(stage, machine) };
}

async function joinAsManager(stage: Stage, machine: NodeHandle): Promise<string> {
  const joined = await askToJoin(stage, machine, await joinToken(stage, "manager"));
  if (joined.code !== 200) throw new Error(`${machine.name} does not join: ${joined.text}`);
  return awaitEntry(stage, machine, "Ready Reachable", 90);
}

/** A log that nobody can mend: the manager goes from the swarm, and comes as one that has none. */
async function replace(stage: Stage, machine: NodeHandle): Promise<string> {
  await removeEntries(stage, machine);
  await stage.on(machine, "docker swarm leave --force >/dev/null", { seconds: 60 });
  await engineState(stage, machine, "inactive");
  return joinAsManager(stage, machine);
}

const statusOf = async (stage: Stage, machine: NodeHandle) =>
  (await entriesOf(stage, machine)).map((entry) => entry.replace(/^\S+ /, "")).join(", ");

/** Waits until a machine's entry has been the same for some looks: one that comes back is here and there first. */
async function stays(stage: Stage, machine: NodeHandle, wanted: string) {
  let since: number | undefined;
  return stage.until<{ status: string; at: number }>(`${machine.name} stays`, 120, async () => {
    const status = await statusOf(stage, machine);
    const now = Date.now();
    since = status === wanted ? (since ?? now) : undefined;
    return since !== undefined && now - since >= STEADY * 1000
      ? { done: { status, at: since } }
      : { waiting: `it is ${status}` };
  });
}

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

function judge({ facts, operations, marks, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { used, leaders, ids } = seen;
  const since = operations.filter(({ start }) => start >= (marks.fault ?? 0));
  const gap = longestGap(since, fault?.to ?? undefined).seconds;
  return [
    checkThat(
      "the disk had room, and then none",
      "less than 100 %, then 100 %",
      `${used.before} %, then ${used.full} %`,
      used.before > 0 && used.before < 100 && used.full === 100,
    ),
    checkThat(
      "a full disk alone is not noticed: its segment of the log is allocated",
      "Ready Reachable",
      seen.entryFull,
      seen.entryFull === "Ready Reachable",
    ),
    checkThat(
      "at the end of the segment the manager stops",
      "Unreachable: no space left on device",
      `${seen.entryStopped}: ${seen.said}`,
      /Unreachable/.test(seen.entryStopped) && /no space left on device/.test(seen.said),
    ),
    checkThat(
      "room alone does not bring it back",
      "irreparable: its log ends in half an entry",
      `${used.freed} % used; ${ending(seen.room)}`,
      used.freed < 100 && !/^active/.test(seen.room.text) && TORN.test(seen.room.text),
    ),
    checkThat(
      "removed and joined anew it is back",
      `Ready Reachable within 120 s, not ${ids.before}`,
      `${seen.entryBack}, ${seen.secondsBack.toFixed(1)} s, ${ids.after}`,
      seen.entryBack === "Ready Reachable" && seen.secondsBack <= 120 && ids.after !== ids.before,
    ),
    checkEqual("the others kept their leader", leaders[0], leaders[1]),
    checkThat(
      "and their API",
      "at most 8 s without an acknowledged write",
      since.length === 0 ? "they wrote nothing" : `${gap.toFixed(1)} s`,
      since.length > 0 && gap <= 8,
    ),
  ];
}

/** F1: a manager's disk that is full. */
export const diskFull: Drill = {
  name: "disk-full",
  question: "A manager's disk is full and nothing happens. When will it, and what then?",
  minutes: 2,
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
  needs: (ground) => need.all(need.managers(ground, 3), need.expendable(ground)),
  run,
  judge,
};
