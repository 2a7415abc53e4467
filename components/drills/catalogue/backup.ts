import type { Manifest } from "../../backup/manifest.ts";
import { longestGap } from "../checker.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";

interface Facts {
  readonly leaderBefore: string;
  readonly leaderAfter: string;
  readonly manifest: Manifest;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a writer on every manager");
  await stage.startTraffic();
  stage.fact("leaderBefore", (await stage.leader()).name);
  stage.phase("break", "a manager is stopped for its backup");
  stage.mark("fault");
  const { manifest } = await stage.backUp();
  stage.fact("manifest", manifest);
  stage.phase("verify", "the writers go on, the manager is back");
  stage.mark("healed");
  await stage.moreWrites(60, 60);
  stage.fact("leaderAfter", (await stage.leader()).name);
}

function judge({ facts, operations, marks, steps }: Evidence): Check[] {
  const { leaderBefore, leaderAfter, manifest } = facts as unknown as Facts;
  // A writer on the manager that was stopped waits for it: the gap is that of all the others.
  const others = operations.filter(({ writer }) => writer !== manifest.node.name);
  const gap = longestGap(others, marks["writers-stopped"]);
  const seconds =
    steps.find(({ command }) => command.startsWith("npm run backup"))?.seconds ?? Number.NaN;
  return [
    checkThat(
      "the leader was not stopped",
      `another manager than ${leaderBefore}`,
      manifest.node.name,
      manifest.node.name !== leaderBefore,
    ),
    checkEqual("no election was needed", leaderBefore, leaderAfter),
    checkThat(
      "writers on the other managers never waited long",
      "at most 1 s without an acknowledged write",
      gap.from === null ? "no write of theirs" : `${gap.seconds.toFixed(2)} s`,
      gap.from !== null && gap.seconds <= 1,
    ),
    checkThat(
      "the backup is a cold one, with a checksum",
      "cold, SHA-256",
      `${manifest.mode}, ${manifest.swarm.sha256.slice(0, 12)}`,
      manifest.mode === "cold" && /^[0-9a-f]{64}$/.test(manifest.swarm.sha256),
    ),
    checkThat(
      "the manager was back and Reachable",
      "within 60 s",
      `${seconds} s for the whole backup`,
      seconds < 60,
    ),
  ];
}

/** A1: the reference backup. */
export const backup: Drill = {
  name: "backup",
  question: "Can I back up a running swarm without anybody noticing?",
  minutes: 0.5,
  minimumWrites: 20,
  claims: [
    {
      says: "A backup is made by stopping a node, archiving its swarm directory, and starting it",
      shows:
        "so it is, on a manager that follows: its stop costs no write, a leader's costs an election",
      holds: "partly",
    },
    {
      says: "Backups are taken from the leader",
      shows: "any manager holds the whole state; one that follows is the better choice",
      holds: "no",
    },
    {
      says: "One backup at a time, and none of a swarm without its quorum",
      shows: "both are refused before anything is stopped",
      holds: "yes",
    },
    {
      says: "The swarm is backed up first, then what runs on it",
      shows: "in this order, each archive named in one manifest",
      holds: "yes",
    },
  ],
  needs: (ground) => need.all(need.managers(ground, 3)),
  run,
  judge,
};
