import { describe, expect, test } from "vitest";
import { hotBackup } from "../../components/drills/catalogue/hot-backup.ts";
import { panicOf } from "../../components/drills/catalogue/panics.ts";
import { judgeTests } from "./drill-judge-support.ts";

const PANIC = "the engine panics on the copy with the older log";
const ALONE = "the machine it is tried on reaches nobody";

describe("the judge of hot-backup", () => {
  judgeTests(hotBackup, [
    [
      "no snapshot rolled",
      (facts) => {
        facts.snapshotCopied = facts.snapshotThen;
      },
      "a snapshot rolled between log and snapshot",
    ],
    [
      "the engine ended without a panic",
      (facts) => {
        facts.panic = "no panic";
      },
      PANIC,
    ],
    [
      "the engine panicked of something else",
      (facts) => {
        facts.panic = "runtime error: index out of bounds";
      },
      PANIC,
    ],
    [
      "a node could be reached from there",
      (facts) => {
        facts.reachedFromThere = ["m2"];
      },
      ALONE,
    ],
    [
      "nobody could be reached from anywhere",
      (facts) => {
        facts.reachedFromHome = [];
      },
      ALONE,
    ],
    [
      "the other copy was not started",
      (facts) => {
        facts.lucky = { nodes: 0, services: 0, secrets: 0, clusterId: "" };
      },
      "the other copy is the same swarm, in the same place",
    ],
    [
      "the other copy started as another swarm",
      (facts) => {
        facts.lucky.clusterId = "another";
      },
      "the other copy is the same swarm, in the same place",
    ],
    [
      "the other copy lacks a secret",
      (facts) => {
        facts.lucky.secrets -= 1;
      },
      "and has all of it",
    ],
    [
      "the living swarm had to elect",
      (facts) => {
        facts.leaderAfter = "m9";
      },
      "the living swarm kept its leader",
    ],
    [
      "the interval stays short",
      (facts) => {
        facts.intervalAfter = 40;
      },
      "the snapshot interval is as it was",
    ],
  ]);
});

describe("what an engine said when it died", () => {
  test("is the panic, without its stamps", () => {
    const log = [
      'time="2026-11-21T11:09:50Z" level=info msg="Starting up"',
      "panic: tocommit(260) is out of range [lastIndex(33)]. Was the raft log corrupted, truncated, or lost?",
      "goroutine 1 [running]:",
    ].join("\n");
    expect(panicOf(log)).toBe(
      "tocommit(260) is out of range [lastIndex(33)]. Was the raft log corrupted, truncated, or lost?",
    );
  });

  test("is the reason where the panic line lacks it", () => {
    const log = [
      'time="2026-11-21T11:09:50Z" level=panic msg="1f state.commit 382 is out of range [553, 553]" module=raft',
      "panic: (*logrus.Entry) 0xc000",
    ].join("\n");
    expect(panicOf(log)).toBe("1f state.commit 382 is out of range [553, 553]");
  });

  test("is nothing when it ended otherwise", () => {
    expect(panicOf('level=fatal msg="Error starting cluster component"')).toBe("no panic");
  });
});
