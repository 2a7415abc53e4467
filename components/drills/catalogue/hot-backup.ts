import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { panicOf, stopsByItself } from "./panics.ts";

/** Entries between two snapshots: few, so that one rolls while the drill watches. */
const INTERVAL = 40;
const SWARM = "/var/lib/docker/swarm";
const COPIES = "/var/lib/docker/drill-copies";

/** Nodes, services and secrets that a swarm has, by count. */
interface Counts {
  readonly nodes: number;
  readonly services: number;
  readonly secrets: number;
}

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

/** Raft index of the newest snapshot that a shell finds; their names are `<term>-<index>.snap`, both hexadecimal. */
const newest = (folder: string) =>
  `ls ${folder}/raft/snap-v3-encrypted | sed -n 's/^[0-9a-f]*-\\([0-9a-f]*\\)\\.snap$/\\1/p' | sort | tail -n 1`;

const COUNTS =
  "echo $(docker node ls -q | wc -l) $(docker service ls -q | wc -l) $(docker secret ls -q | wc -l)";

const counted = (line: string): Counts => {
  const [nodes = 0, services = 0, secrets = 0] = line.split(" ").map(Number);
  return { nodes, services, secrets };
};

async function snapshotIndex(stage: Stage, node: NodeHandle, folder = SWARM): Promise<number> {
  const { stdout } = await stage.try(node, newest(folder));
  return Number.parseInt(stdout.trim() || "0", 16);
}

async function snapshotInterval(stage: Stage): Promise<number> {
  return (await stage.fingerprint()).settings.snapshotInterval;
}

/** Two copies while the manager writes: one reads the log first and the snapshot late, one the other way round. */
async function copyTwice(stage: Stage, node: NodeHandle, before: number): Promise<void> {
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

/** A machine that has the manager's address and a copy of its directory, and no way to anybody. */
async function onIsolated(stage: Stage, node: NodeHandle, copy: string): Promise<NodeHandle> {
  const spare = await stage.newMachine(node, copy, "isolated");
  await stage.carry(
    node,
    `tar -C ${COPIES}/${copy} -cSpf - swarm`,
    spare,
    "tar -C /var/lib/docker -xpf -",
  );
  await stage.start(spare);
  return spare;
}

/**
 * Names of the other nodes that take a connection from a machine: managers on 2377; workers, whose engines gossip, on
 * 7946, where a manager that was drained before its engine started need not listen.
 */
async function reached(stage: Stage, from: NodeHandle, except: NodeHandle): Promise<string[]> {
  const others = stage.nodes.filter(({ name }) => name !== except.name);
  const asked = others.map(async ({ name, role, address }) => {
    // Whatever the port says then: the time it took to connect is 0 when it did not.
    const port = role === "manager" ? 2377 : 7946;
    const ask = `curl -s -o /dev/null -w '%{time_connect}' --max-time 4 https://${address}:${port}`;
    const { stdout } = await stage.try(from, ask);
    return Number(stdout) > 0 ? [name] : [];
  });
  return (await Promise.all(asked)).flat();
}

async function prove(stage: Stage, node: NodeHandle): Promise<void> {
  const spare = await onIsolated(stage, node, "unlucky");
  await stopsByItself(stage, spare);
  stage.fact("panic", panicOf(await stage.engineLog(spare, 400)));
  await stage.removeMachine(spare);
}

async function recover(stage: Stage, node: NodeHandle): Promise<void> {
  const spare = await onIsolated(stage, node, "lucky");
  await stage.until(`the engine of ${spare.name} answers`, 60, async () => {
    const { code, stderr } = await stage.try(spare, "docker info --format '{{.Swarm.NodeID}}'");
    return code === 0 ? { done: true } : { waiting: stderr.trim() };
  });
  stage.fact("reachedFromThere", await reached(stage, spare, node));
  stage.fact("reachedFromHome", await reached(stage, node, node));
  await stage.on(
    spare,
    `docker swarm init --force-new-cluster --advertise-addr ${node.address} >/dev/null`,
    { seconds: 90 },
  );
  const line = await stage.until<string>(`${spare.name} leads`, 60, async () => {
    const { code, stdout, stderr } = await stage.try(
      spare,
      `docker node ls -q >/dev/null; ${COUNTS}`,
    );
    return code === 0 ? { done: stdout.trim() } : { waiting: stderr.trim() };
  });
  const clusterId = await stage.on(spare, "docker info --format '{{.Swarm.Cluster.ID}}'");
  stage.fact("lucky", { ...counted(line), clusterId });
  await stage.removeMachine(spare);
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
    await prove(stage, node);
    stage.phase("recover", "the copy of which the snapshot came first, in the same place");
    await recover(stage, node);
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
  minutes: 2,
  control: true,
  minimumWrites: 20,
  limits: [
    "The unlucky order is made on purpose, with a snapshot every 40 entries; by default there is one every 10000.",
    "That the snapshot-first copy started this time does not make it a backup: it can tear as well.",
  ],
  needs: (ground) => need.all(need.managers(ground, 3)),
  run,
  judge,
};
