import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { API, JSON_BODY, updateSwarm } from "./swarm-update.ts";

/** Bytes of the largest config that Swarm takes, and of the largest secret; one more is refused. */
export const CONFIG_LIMIT = 1_023_999;
export const SECRET_LIMIT = 511_999;
/** Bytes of a segment of the Raft log; each is allocated as a whole before it is written to. */
export const SEGMENT = 64_000_000;

/** Configs of a drill, and how to be rid of them. */
export interface BigState {
  readonly count: number;
  /**
   * Takes them out of the swarm and lets every manager write a snapshot without them, so that their logs are as small as
   * before. Does nothing when it was done.
   */
  forget(): Promise<void>;
}

/** Another label than the writes of the drill have: those are read back as a whole, and these are large. */
const labelOf = (stage: Stage) => `swarm-lab.drill=${stage.runId}-state`;

/**
 * Creates configs of the largest size, as many as it takes for `bytes` of Raft log, through one manager. The end of the
 * drill forgets them. Lists of configs come with their content: with these they take seconds.
 */
export async function fillState(stage: Stage, node: NodeHandle, bytes: number): Promise<BigState> {
  const count = Math.ceil(bytes / CONFIG_LIMIT);
  const name = `drill-${stage.runId}-`;
  // By their names until it is known how they are called otherwise: the swarm looks a name up among all of them.
  let there = Array.from({ length: count }, (_, index) => `${name}${index}`);
  const forget = async () => {
    if (there.length > 0) await remove(stage, there);
    there = [];
  };
  stage.defer("the configs go", forget);
  const [key = "", value = ""] = labelOf(stage).split("=");
  const created = await stage.on(
    node,
    `at=$(mktemp -d); trap 'rm -rf "$at"' EXIT; cd "$at"
head -c ${CONFIG_LIMIT} /dev/urandom | base64 -w 0 > data
i=0; while [ $i -lt ${count} ]; do
  { printf '{"Name":"${name}%d","Labels":{"${key}":"${value}"},"Data":"' $i; cat data; printf '"}'; } |
    ${API} ${JSON_BODY} http://engine/configs/create | tr -d '\\n'; echo
  i=$((i + 1))
done`,
    { seconds: 240 },
  );
  there = created.split("\n").map((line) => (JSON.parse(line) as { ID: string }).ID);
  return { count: there.length, forget };
}

async function remove(stage: Stage, configs: readonly string[]): Promise<void> {
  const leader = await stage.leader();
  const urls = configs.map(
    (config) => `url = "http://engine/configs/${config}"\noutput = /dev/null`,
  );
  const codes = await stage.on(
    leader,
    `${API.replace("-sSf", "-sS")} -X DELETE -w '%{http_code}\\n' --config -`,
    { seconds: 240, stdin: `${urls.join("\n")}\n` },
  );
  // One that is not there was never made, or is gone already.
  const failed = codes.split("\n").filter((code) => code !== "204" && code !== "404");
  if (failed.length > 0) throw new Error(`removing configs: the engine answers ${failed[0]}`);
  const index = await raftIndex(stage);
  const was = await setSnapshots(stage, { interval: 20, keep: 10 });
  try {
    for (const node of stage.managers) await laterSnapshot(stage, node, index);
  } finally {
    await setSnapshots(stage, was);
  }
}

/** How many of them a manager lists. */
export const countConfigs = async (stage: Stage, node: NodeHandle) =>
  Number(
    await stage.on(node, `docker config ls --filter label=${labelOf(stage)} -q | wc -l`, {
      seconds: 60,
    }),
  );

/** Raft index of a write that is made now. */
export async function raftIndex(stage: Stage): Promise<number> {
  const leader = await stage.leader();
  const index = await stage.on(
    leader,
    `docker node update --label-add drill-index=1 ${leader.name} >/dev/null
docker node update --label-rm drill-index ${leader.name} >/dev/null
docker node inspect --format '{{.Version.Index}}' ${leader.name}`,
  );
  return Number(index);
}

/**
 * How often the managers write a snapshot and how much of their log they keep behind it, in entries. The command line
 * knows the first only. Returns what it was.
 */
export async function setSnapshots(
  stage: Stage,
  wanted: { readonly interval: number; readonly keep: number },
): Promise<{ interval: number; keep: number }> {
  const { Raft } = await updateSwarm(stage, ({ Raft: raft }) => {
    raft.SnapshotInterval = wanted.interval;
    raft.LogEntriesForSlowFollowers = wanted.keep;
  });
  return { interval: Raft.SnapshotInterval, keep: Raft.LogEntriesForSlowFollowers };
}

/** The newest snapshot on a manager's disk that is written to its end. */
export interface Snapshot {
  readonly index: number;
  readonly bytes: number;
}

/**
 * The newest that is whole, with 0 and 0 where there is none. Their names are `<term>-<index>.snap`, both hexadecimal. An engine
 * writes them under these names (etcd's `Snapshotter.save`): one that it has open is not whole.
 */
export async function newestSnapshot(stage: Stage, node: NodeHandle): Promise<Snapshot> {
  const { stdout } = await stage.try(
    node,
    `cd /var/lib/docker/swarm/raft/snap-v3-encrypted || exit
for name in $(ls | grep '[.]snap$' | sort -r); do
  [ -n "$(find /proc/[0-9]*/fd -lname "*/$name" 2>/dev/null)" ] || { stat -c '%n %s' "$name"; break; }
done`,
  );
  const [name = "", bytes = "0"] = stdout.trim().split(" ");
  const index = Number.parseInt(/-([0-9a-f]+)\.snap$/.exec(name)?.[1] ?? "0", 16);
  return { index, bytes: Number(bytes) };
}

/** Makes entries until a manager has written a snapshot that is later than `than`. */
export async function laterSnapshot(
  stage: Stage,
  node: NodeHandle,
  than: number,
): Promise<Snapshot> {
  const change = `i=0; while [ $i -lt 10 ]; do docker node update --label-add drill-entry=$i ${node.name} >/dev/null; i=$((i + 1)); done
docker node update --label-rm drill-entry ${node.name} >/dev/null`;
  return stage.until<Snapshot>(`${node.name} has written a snapshot`, 90, async () => {
    const now = await newestSnapshot(stage, node);
    if (now.index > than) return { done: now };
    await stage.on(await stage.leader(), change);
    return { waiting: `its last is at ${now.index}` };
  });
}
