import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { Manifest } from "../../backup/manifest.ts";
import { longestGap } from "../checker.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage, StagedRehearsal } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";

/** The living swarm as its managers tell it: who leads, who is there, and in which state. */
interface Living {
  readonly leader: string;
  readonly nodes: string;
  readonly identity: Pick<SwarmFingerprint, "clusterId" | "caFingerprint" | "tokens" | "nodes">;
}

export interface RehearsalFacts {
  readonly manifest: Manifest;
  readonly before: Living;
  readonly after: Living;
  /** Absent when nothing was rehearsed. */
  readonly rehearsed?: StagedRehearsal;
  readonly damaged: StagedRehearsal;
  /** Whether a living manager can open such a connection to another, so that the question can be answered with yes. */
  readonly asked: boolean;
  /** What is left of the machines of both rehearsals. */
  readonly left: string;
}

/** Seconds without an acknowledged write that a busy machine explains; an election takes nine or more. */
const NOTICED = 5;

async function living(stage: Stage): Promise<Living> {
  const leader = await stage.leader();
  const format = "{{.ID}} {{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}";
  const nodes = await stage.on(leader, `docker node ls --format '${format}' | sort`);
  const { clusterId, caFingerprint, tokens, nodes: entries } = await stage.fingerprint();
  return {
    leader: leader.name,
    nodes,
    identity: { clusterId, caFingerprint, tokens, nodes: entries },
  };
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a writer on every manager, and a backup");
  await stage.startTraffic();
  const backup = await stage.backUp();
  stage.fact("manifest", backup.manifest);
  await stage.whole(60);
  await stage.moreWrites(60, 60);
  stage.fact("before", await living(stage));
  const [one, other] = stage.managers;
  if (one === undefined || other === undefined) throw new Error("it needs two managers");
  const connect = `timeout 3 bash -c '</dev/tcp/${other.address}/2377'`;
  stage.fact("asked", (await stage.try(one, connect)).code === 0);
  stage.phase("recover", "the backup starts where nobody can hear it");
  stage.mark("fault");
  stage.fact("rehearsed", await stage.rehearse(backup));
  stage.phase("prove", "a copy with one bit turned, and checksums that fit");
  const damaged = await stage.damage(backup);
  stage.fact("damaged", await stage.rehearse(damaged));
  stage.mark("healed");
  stage.phase("verify", "the living swarm noticed nothing, and nothing is left");
  await stage.moreWrites(60, 60);
  stage.fact("after", await living(stage));
  stage.fact("left", await stage.leftovers());
}

const listed = (rehearsal: StagedRehearsal | undefined): string => {
  if (rehearsal === undefined) return "nothing was rehearsed";
  const { differences, refused } = rehearsal;
  const told = differences.map(({ what, expected, seen }) => `${what}: ${expected} -> ${seen}`);
  return refused ?? (told.join("; ") || "no difference");
};

function judge({ facts, operations, marks }: Evidence): Check[] {
  const { manifest, before, after, rehearsed, damaged, left, asked } =
    facts as unknown as RehearsalFacts;
  const isolation = rehearsed?.isolation;
  const during = operations.filter(({ start }) => start >= (marks.fault ?? 0));
  const gap = longestGap(during, marks["writers-stopped"]);
  const others = manifest.managers.length - 1;
  return [
    checkThat(
      "the backup starts, and is what its manifest says",
      "no difference",
      listed(rehearsed),
      rehearsed?.refused === undefined && rehearsed?.differences.length === 0,
    ),
    checkEqual("its machine has no network", "none", isolation?.network ?? "nothing was rehearsed"),
    checkEqual("none of its links leads out", [], isolation?.links ?? "nothing was rehearsed"),
    checkThat(
      "it cannot connect to any old manager, as a living one can",
      `0 of ${others}`,
      asked
        ? `${isolation?.reached.length ?? "unknown"} of ${others}`
        : "a living one cannot either",
      asked && others > 0 && isolation?.reached.length === 0,
    ),
    checkEqual("the living swarm has the leader it had", before.leader, after.leader),
    checkEqual("and the same nodes, in the same state", before.nodes, after.nodes),
    checkEqual("and is the same swarm", before.identity, after.identity),
    checkThat(
      "no writer noticed it",
      `at most ${NOTICED} s without an acknowledged write`,
      `${gap.seconds.toFixed(2)} s`,
      during.length > 0 && gap.seconds <= NOTICED,
    ),
    checkThat(
      "checksums find nothing wrong with the damaged copy",
      "verified",
      damaged.verified ? "verified" : "found by its checksum",
      damaged.verified,
    ),
    checkThat(
      "the rehearsal finds it",
      "it does not start, or differs",
      listed(damaged),
      damaged.refused !== undefined || damaged.differences.length > 0,
    ),
    checkEqual("nothing is left of the machines", "", left),
  ];
}

/** A9: a backup proved without a disaster. */
export const rehearsal: Drill = {
  name: "rehearsal",
  question: "Does my backup really start? Can I find out without touching the swarm that runs?",
  minutes: 1.5,
  minimumWrites: 20,
  limits: [
    "Workers, tasks and volumes take no part in a rehearsal: it proves the managers' state, not that services come up.",
  ],
  claims: [
    {
      says: "Whether a backup is good shows in the disaster",
      shows:
        "it can be started beside the living swarm, where nobody hears it, and compared with its manifest",
      holds: "no",
    },
    {
      says: "A snapshot file of the Raft directory can be restored by itself",
      shows: "it is the whole directory or nothing",
      holds: "no",
    },
  ],
  needs: (ground) => need.all(need.spareMachine(ground), need.managers(ground, 3)),
  run,
  judge,
};
