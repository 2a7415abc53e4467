import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { COPIES, copyTwice, INTERVAL, snapshotIndex } from "./hot-copies.ts";
import {
  askAround,
  COUNTS,
  type Counts,
  counted,
  keepWhatItHas,
  onIsolated,
  revive,
  unluckyCopy,
} from "./hot-trial.ts";

interface Facts {
  readonly leaderBefore: string;
  readonly leaderAfter: string;
  readonly source: string;
  readonly clusterId: string;
  readonly intervalBefore: number;
  readonly intervalAfter: number;
  /** Index of the last snapshot at the moment the log was copied, and of that in the copy; 0: there was none. */
  readonly snapshotThen: number;
  readonly snapshotCopied: number;
  /** What the engine said on the copy of which the log came first. */
  readonly panic: string;
  /** Nodes that can be reached from the machine that the copies are tried on, and from the manager itself. */
  readonly reachedFromThere: readonly string[];
  readonly reachedFromHome: readonly string[];
  readonly counts: Counts;
  /** What the copy of which the snapshot came first has, in the same place. */
  readonly lucky: Counts & { readonly clusterId: string };
}

async function snapshotInterval(stage: Stage): Promise<number> {
  return (await stage.fingerprint()).settings.snapshotInterval;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", `writers on every manager, a snapshot every ${INTERVAL} entries`);
  const interval = await snapshotInterval(stage);
  stage.fact("intervalBefore", interval);
  await stage.startTraffic();
  const leader = await stage.leader();
  stage.fact("leaderBefore", leader.name);
  const node = stage.managers.find(({ name }) => name !== leader.name);
  if (node === undefined) throw new Error("a lab without a second manager");
  stage.fact("source", node.name);
  stage.fact("clusterId", (await stage.fingerprint()).clusterId);
  stage.fact("counts", counted(await stage.on(leader, COUNTS)));
  try {
    const before = await snapshotIndex(stage, node);
    await stage.on(leader, `docker swarm update --snapshot-interval ${INTERVAL} >/dev/null`);
    stage.phase("break", `the directory of ${node.name} is copied while it is written to`);
    stage.mark("fault");
    await copyTwice(stage, node, before);
    stage.mark("healed");
    stage.phase("prove", "an engine that gets the copy with the older log dies of it");
    await unluckyCopy(stage, node);
    const spare = await onIsolated(stage, node, "lucky");
    await askAround(stage, spare, node);
    stage.phase("recover", "the copy of which the snapshot came first starts, in the same place");
    await revive(stage, spare, node);
    stage.phase("verify", "it is the swarm, and has what that has");
    await keepWhatItHas(stage, spare);
    await stage.removeMachine(spare);
  } finally {
    await stage.on(
      await stage.leader(),
      `docker swarm update --snapshot-interval ${interval} >/dev/null`,
    );
    await stage.on(node, `rm -rf ${COPIES}`);
  }
  stage.phase("verify", "the living swarm knew nothing of it");
  await stage.moreWrites(60, 60);
  stage.fact("intervalAfter", await snapshotInterval(stage));
  stage.fact("leaderAfter", (await stage.leader()).name);
}

function judge({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { counts, lucky, snapshotThen, snapshotCopied } = seen;
  const { clusterId, ...has } = lucky;
  return [
    checkThat(
      "a snapshot rolled between log and snapshot",
      `later than ${snapshotThen}`,
      `${snapshotCopied}`,
      snapshotCopied > snapshotThen,
    ),
    checkThat(
      "the engine panics on the copy with the older log",
      "is out of range",
      seen.panic,
      /is out of range/.test(seen.panic),
    ),
    checkThat(
      "the machine it is tried on reaches nobody",
      `0 of ${counts.nodes - 1} nodes, which the manager itself all reaches`,
      `${seen.reachedFromThere.length}, and from the manager ${seen.reachedFromHome.length}`,
      seen.reachedFromThere.length === 0 && seen.reachedFromHome.length === counts.nodes - 1,
    ),
    checkEqual("the other copy is the same swarm, in the same place", seen.clusterId, clusterId),
    checkEqual("and has all of it", counts, has),
    checkEqual("the living swarm kept its leader", seen.leaderBefore, seen.leaderAfter),
    checkEqual("the snapshot interval is as it was", seen.intervalBefore, seen.intervalAfter),
  ];
}

/** A2: a copy of a directory that is written to is a coin toss, which is lost during the disaster only. */
export const hotBackup: Drill = {
  name: "hot-backup",
  question: "My nightly job copies the swarm directory of a running manager. Is that a backup?",
  minutes: 1.5,
  control: true,
  minimumWrites: 20,
  limits: [
    "The unlucky order is made on purpose, with a snapshot every 40 entries; by default there is one every 10000.",
    "That the snapshot-first copy started this time does not make it a backup: it can tear as well.",
  ],
  claims: [
    {
      says: "A hot backup is fine, since Raft is a log",
      shows:
        "a copy of a log that is being written may panic at every start; which one does is chance",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.spareMachine(ground), need.managers(ground, 3)),
  run,
  judge,
};
