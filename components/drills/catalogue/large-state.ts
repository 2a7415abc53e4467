import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import {
  CONFIG_LIMIT,
  countConfigs,
  fillState,
  laterSnapshot,
  newestSnapshot,
  raftIndex,
  SECRET_LIMIT,
  SEGMENT,
  type Snapshot,
  setSnapshots,
} from "./big-state.ts";
import { ending, type Said, said } from "./said.ts";
import { askToJoin, awaitEntry, joinToken, removeEntries, stranger } from "./stranger.ts";

/** gRPC's limit for one message between managers; a snapshot that is larger has to come in parts. */
const MESSAGE = 4 * 1024 * 1024;

/** An object of the largest size, and one that is a byte too large. */
interface Limit {
  readonly taken: Said;
  readonly refused: Said;
}

interface Facts {
  readonly config: Limit;
  readonly secret: Limit;
  readonly created: number;
  readonly listed: number;
  /** Number of the newest segment of the leader's log, before and after. */
  readonly segments: { readonly before: number; readonly after: number };
  readonly snapshot: Snapshot;
  /** Of the manager that is new. */
  readonly joined: Said;
  readonly seconds: number;
  readonly received: Snapshot;
  readonly leaders: readonly string[];
  readonly entriesAfter: number;
  readonly snapshotAfter: Snapshot;
  readonly settings: readonly { readonly interval: number; readonly keep: number }[];
}

/** One that is taken, and goes again, and one that is not. */
async function limit(stage: Stage, kind: "config" | "secret", bytes: number): Promise<Limit> {
  const node = await stage.leader();
  const create = (size: number) =>
    `head -c ${size} /dev/zero | docker ${kind} create --label swarm-lab.drill=${stage.runId} drill-${stage.runId}-limit - >/dev/null`;
  const remove = `docker ${kind} rm drill-${stage.runId}-limit >/dev/null`;
  const taken = said(await stage.try(node, `${create(bytes)}; ${remove}`));
  const refused = said(await stage.try(node, `${create(bytes + 1)}; ${remove}`));
  return { taken, refused };
}

/** Number of the newest segment: they are called `<number>-<first index>.wal`. */
async function newestSegment(stage: Stage, node: NodeHandle): Promise<number> {
  const last = await stage.on(
    node,
    "ls /var/lib/docker/swarm/raft/wal-v3-encrypted | grep '[.]wal$' | sort | tail -n 1",
  );
  return Number.parseInt(last.split("-")[0] ?? "", 16);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "writers, a machine for one manager more, and snapshots that come soon");
  const machine = await stranger(stage, "fresh");
  await stage.startTraffic();
  const leader = await stage.leader();
  const segment = await newestSegment(stage, leader);
  const was = await setSnapshots(stage, { interval: 50, keep: 10 });
  let changed = true;
  const settle = async () => {
    if (changed) await setSnapshots(stage, was);
    changed = false;
  };
  stage.defer("snapshots come as before", settle);
  stage.fact("config", await limit(stage, "config", CONFIG_LIMIT));
  stage.fact("secret", await limit(stage, "secret", SECRET_LIMIT));
  stage.phase("break", "configs of the largest size, more than a segment of the log holds");
  stage.mark("fault");
  const state = await fillState(stage, leader, SEGMENT);
  stage.fact("created", state.count);
  stage.phase("prove", "the state is that large, in the log and in a snapshot");
  stage.fact("listed", await countConfigs(stage, leader));
  stage.fact("segments", { before: segment, after: await newestSegment(stage, leader) });
  stage.fact("snapshot", await laterSnapshot(stage, leader, await raftIndex(stage)));
  stage.phase("recover", "a new manager joins, which has nothing yet");
  const token = await joinToken(stage, "manager");
  const from = Date.now();
  stage.fact("joined", await askToJoin(stage, machine, token));
  await awaitEntry(stage, machine, "Ready Reachable", 90);
  const received = await stage.until<Snapshot>("it has the snapshot", 60, async () => {
    const now = await newestSnapshot(stage, machine);
    return now.index > 0 ? { done: now } : { waiting: "it has none" };
  });
  stage.fact("seconds", (Date.now() - from) / 1000);
  stage.fact("received", received);
  stage.mark("healed");
  stage.phase("verify", "the others took no notice, and the state is small again afterwards");
  await stage.moreWrites(30, 60);
  stage.fact("leaders", [leader.name, (await stage.leader()).name]);
  await removeEntries(stage, machine);
  await state.forget();
  stage.fact("entriesAfter", await countConfigs(stage, leader));
  stage.fact("snapshotAfter", await newestSnapshot(stage, leader));
  await settle();
  const now = await setSnapshots(stage, was);
  stage.fact("settings", [was, now]);
}

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { snapshot, received, segments, snapshotAfter } = seen;
  const [was, now] = seen.settings;
  const least = seen.created * CONFIG_LIMIT;
  const exact = ({ taken, refused }: Limit) => taken.code === 0 && refused.code !== 0;
  const both = ({ taken, refused }: Limit) => `${ending(taken)}; ${ending(refused)}`;
  return [
    checkThat(
      `a config of ${CONFIG_LIMIT} bytes is taken, and not one of a byte more`,
      "code 0, then refused for its size",
      both(seen.config),
      exact(seen.config) && /larger|size|bytes|KB/.test(seen.config.refused.text),
    ),
    checkThat(
      `a secret of ${SECRET_LIMIT} bytes is taken, and not one of a byte more`,
      "code 0, then refused for its size",
      both(seen.secret),
      exact(seen.secret) && /larger|size|bytes|KB/.test(seen.secret.refused.text),
    ),
    checkEqual("every config is there", seen.created, seen.listed),
    checkThat(
      "the log has gone on to another segment",
      `later than ${segments.before}`,
      `${segments.after}`,
      segments.after > segments.before,
    ),
    checkThat(
      "the snapshot has all of it",
      `${mebibytes(least)} or more`,
      mebibytes(snapshot.bytes),
      seen.created > 0 && snapshot.bytes >= least,
    ),
    checkThat(
      "a manager that is new gets it, though no message holds it",
      `as large, from ${snapshot.index} on; a message holds ${mebibytes(MESSAGE)}`,
      `${mebibytes(received.bytes)} at ${received.index} (${seen.joined.code})`,
      seen.joined.code === 200 && received.bytes >= least && received.index >= snapshot.index,
    ),
    checkThat(
      "and is Reachable",
      "within 90 s",
      `${seen.seconds.toFixed(1)} s`,
      seen.seconds > 0 && seen.seconds <= 90,
    ),
    checkThat(
      "the leader stayed",
      seen.leaders[0],
      seen.leaders[1],
      seen.leaders.length === 2 && seen.leaders[0] === seen.leaders[1],
    ),
    checkThat(
      "the configs are gone, from the snapshots too",
      `0, less than ${mebibytes(MESSAGE)}`,
      `${seen.entriesAfter}, ${mebibytes(snapshotAfter.bytes)}`,
      seen.entriesAfter === 0 && snapshotAfter.bytes > 0 && snapshotAfter.bytes < MESSAGE,
    ),
    checkEqual("snapshots come as before", was, now),
  ];
}

/** F4: as much state as one segment of the log holds, and more than one message does. */
export const largeState: Drill = {
  name: "large-state",
  question: "My configs are 64 MB by now. Can I still add a manager?",
  minutes: 2,
  minimumWrites: 20,
  claims: [
    {
      says: "Secrets and configs hold up to 500 KB.",
      shows:
        "Secrets hold 511 999 bytes and configs 1 023 999: one byte more is refused by the swarm.",
      holds: "partly",
    },
  ],
  needs: (ground) =>
    need.all(need.spareMachine(ground), need.managers(ground, 3), need.expendable(ground)),
  run,
  judge,
};
