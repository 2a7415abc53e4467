import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";

/** Entries between two snapshots: few, so that one rolls while the drill watches. */
export const INTERVAL = 40;
const SWARM = "/var/lib/docker/swarm";
/** Where the copies are, on the manager itself. */
export const COPIES = "/var/lib/docker/drill-copies";

/** Raft index of the newest snapshot that a shell finds; their names are `<term>-<index>.snap`, both hexadecimal. */
const newest = (folder: string) =>
  `ls ${folder}/raft/snap-v3-encrypted | sed -n 's/^[0-9a-f]*-\\([0-9a-f]*\\)\\.snap$/\\1/p' | sort | tail -n 1`;

/** Index of the newest snapshot in a swarm directory; 0 when there is none. */
export async function snapshotIndex(
  stage: Stage,
  node: NodeHandle,
  folder = SWARM,
): Promise<number> {
  const { stdout } = await stage.try(node, newest(folder));
  return Number.parseInt(stdout.trim() || "0", 16);
}

/** Two copies while the manager writes: one reads the log first and the snapshot late, one the other way round. */
export async function copyTwice(stage: Stage, node: NodeHandle, before: number): Promise<void> {
  const others = "docker-state.json state.json certificates worker";
  const fresh = (name: string) =>
    `rm -rf ${COPIES}/${name}; mkdir -p ${COPIES}/${name}/swarm/raft; cd ${SWARM}; cp -a ${others} ${COPIES}/${name}/swarm/`;
  const copy = (what: string, name: string) =>
    `cp -a ${SWARM}/raft/${what}-v3-encrypted ${COPIES}/${name}/swarm/raft/`;
  // The first one under the new interval: from here on they come every INTERVAL entries.
  const then = await stage.until<number>("a snapshot has rolled", 60, async () => {
    const now = await snapshotIndex(stage, node);
    return now > before ? { done: now } : { waiting: `the last is at ${now}` };
  });
  stage.fact("snapshotThen", then);
  await stage.on(node, `${fresh("unlucky")}; ${copy("wal", "unlucky")}`);
  // Two intervals: the first snapshot after the copy may still end before what the log has.
  await stage.until("two snapshots have rolled", 90, async () => {
    const now = await snapshotIndex(stage, node);
    return now > then + 2 * INTERVAL ? { done: now } : { waiting: `the last is at ${now}` };
  });
  await stage.on(node, copy("snap", "unlucky"));
  stage.fact("snapshotCopied", await snapshotIndex(stage, node, `${COPIES}/unlucky/swarm`));
  await stage.on(node, `${fresh("lucky")}; ${copy("snap", "lucky")}; ${copy("wal", "lucky")}`);
}
