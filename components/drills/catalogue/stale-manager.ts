import type { NodeHandle } from "../../nodes/types.ts";
import { checkQuorum } from "../common-checks.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { keepQuorum } from "./keep-quorum.ts";
import { backAsManager, checkAtMost, except, members, waited } from "./members.ts";

/** Entries between two snapshots here. By default 10000: nobody waits for those. */
const INTERVAL = 100;

/** Entries that a leader keeps after a snapshot for followers that are a little behind (swarmkit, LogEntriesForSlowFollowers). */
const KEPT = 500;

/** Writes while the manager is away: more than the leader keeps, so that its log no longer reaches back to it. */
const AWAY = KEPT + 2 * INTERVAL;

interface Facts {
  readonly node: string;
  readonly intervalBefore: number;
  readonly intervalAfter: number;
  readonly leaderBefore: string;
  readonly leaderAfter: string;
  readonly idBefore: string;
  readonly idAfter: string;
  /** Index of the newest snapshot: the absent manager's when it went, the leader's then, the returned one's. */
  readonly ownBefore: number;
  readonly leaders: number;
  readonly ownAfter: number;
  /** The swarm's newest index when the manager had stopped, and when it was started. */
  readonly went: number;
  readonly came: number;
  /** What its engine said of catching up. */
  readonly restored: string;
}

const NEWEST = `ls /var/lib/docker/swarm/raft/snap-v3-encrypted |
sed -n 's/^[0-9a-f]*-\\([0-9a-f]*\\)\\.snap$/\\1/p' | sort | tail -n 1`;

const indexOf = (said: string) => Number.parseInt(said.trim() || "0", 16);

/** Many small writes over one connection: each is an entry of the log. The drill's writes are removed with the others. */
async function fill(stage: Stage, via: NodeHandle, count: number): Promise<void> {
  const url = "http://engine/configs/create";
  await stage.on(
    via,
    `i=0; while [ $i -lt ${count} ]; do
  i=$((i + 1)); name=drill-${stage.runId}-away-$i
  printf 'url = "${url}"\\nheader = "Content-Type: application/json"\\noutput = "/dev/null"\\n'
  printf 'unix-socket = "/var/run/docker.sock"\\n'
  printf 'data = "{\\\\"Name\\\\":\\\\"%s\\\\",\\\\"Data\\\\":\\\\"%s\\\\",\\\\"Labels\\\\":{\\\\"swarm-lab.drill\\\\":\\\\"${stage.runId}\\\\"}}"\\n' \\
    "$name" "$(printf %s "$name" | base64 -w 0)"
  [ $i -eq ${count} ] || echo next
done | curl -sS --fail --config -`,
    { seconds: 150 },
  );
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", `writers on every manager, a snapshot every ${INTERVAL} entries`);
  await stage.startTraffic();
  const leader = await stage.leader();
  const node = except(stage.managers, leader).at(-1);
  if (node === undefined) throw new Error("a lab without a second manager");
  const { settings } = await stage.fingerprint();
  const idOf = async () =>
    (await members(stage, leader)).find(({ name }) => name === node.name)?.id;
  const set = (interval: number) =>
    `docker swarm update --snapshot-interval ${interval} >/dev/null`;
  stage.fact("node", node.name);
  stage.fact("leaderBefore", leader.name);
  stage.fact("idBefore", await idOf());
  stage.fact("intervalBefore", settings.snapshotInterval);
  stage.defer("the snapshot interval is as it was", async () => {
    await stage.on(await stage.leader(), set(settings.snapshotInterval));
  });
  stage.phase("break", `${node.name} is away while ${AWAY} things are written`);
  stage.mark("fault");
  stage.defer(`${node.name} is on`, () => stage.start(node));
  await stage.stop(node);
  const snapshotOf = async (text: Promise<string>) => indexOf(await text);
  stage.fact("ownBefore", await snapshotOf(stage.disk(node, "looking for snapshots", NEWEST)));
  stage.fact("went", (await stage.fingerprint()).raftIndex);
  await stage.on(leader, set(INTERVAL));
  await fill(stage, leader, AWAY);
  stage.phase("prove", "the leader's log does not reach back so far");
  const went = (await stage.fingerprint()).raftIndex;
  stage.fact("came", went);
  stage.fact("leaders", await snapshotOf(stage.on(leader, NEWEST)));
  stage.phase("recover", "it is started");
  stage.mark("started");
  await stage.start(node);
  await backAsManager(stage, leader, node);
  stage.mark("healed");
  const log = await stage.engineLog(node, 600);
  const said =
    log.split("\n").findLast((line) => line.includes(" starts to restore snapshot [")) ?? "";
  stage.fact("restored", /\[committed=.*snapshot \[[^\]]*\]/.exec(said)?.[0] ?? "");
  stage.phase("verify", "it has what the others have");
  await stage.moreWrites(30, 60);
  stage.fact("ownAfter", await snapshotOf(stage.on(node, NEWEST)));
  await stage.on(leader, set(settings.snapshotInterval));
  stage.fact("intervalAfter", (await stage.fingerprint()).settings.snapshotInterval);
  stage.fact("idAfter", await idOf());
  stage.fact("leaderAfter", (await stage.leader()).name);
  await keepQuorum(stage);
}

function judge(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as Facts;
  const { started = 0, healed = 0 } = evidence.marks;
  const { went, came, leaders, ownBefore, ownAfter } = seen;
  const [, had = "0", index = "0"] =
    /committed=(\d+),.* snapshot \[index: (\d+)/.exec(seen.restored) ?? [];
  return [
    checkThat(
      "more was written than a leader keeps for those who are behind",
      `${KEPT} entries or more`,
      `${came - went}`,
      came - went > KEPT,
    ),
    checkThat(
      "the leader has a snapshot from later than it left",
      `one from after ${went}`,
      `${leaders}`,
      leaders > went && leaders > ownBefore,
    ),
    checkThat(
      "it is given the snapshot, not the log",
      `its engine restores one from after ${went}`,
      seen.restored || "it said nothing of a snapshot",
      Number(index) > went && Number(index) > Number(had),
    ),
    checkThat(
      "it has that snapshot on its own disk",
      `index ${index} or later`,
      `${ownAfter}`,
      Number(index) > 0 && ownAfter >= Number(index),
    ),
    checkAtMost("it is back soon", 60, (healed - started) / 1000),
    checkAtMost("the others do not wait for it", 5, waited(evidence, started, healed)),
    checkEqual("it is who it was", seen.idBefore, seen.idAfter),
    checkEqual("there was no election", seen.leaderBefore, seen.leaderAfter),
    checkEqual("the snapshot interval is as it was", seen.intervalBefore, seen.intervalAfter),
    checkQuorum(evidence.facts),
  ];
}

/** A manager that was away for longer than the leader's log reaches back. */
export const staleManager: Drill = {
  name: "stale-manager",
  question:
    "A manager was off for so long that the log it needs is gone. Can it come back as it is?",
  claims: [
    {
      says: "A manager that was away for long has to be replaced",
      shows: "it catches up by itself: with the leader's snapshot where the log it needs is gone",
      holds: "no",
    },
  ],
  minutes: 0.5,
  minimumWrites: 20,
  limits: [
    `Snapshots come every ${INTERVAL} entries here, and every 10000 by default: the way back is the same.`,
  ],
  needs: (ground) => need.managers(ground, 3),
  run,
  judge,
};
