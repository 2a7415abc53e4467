import { describe, expect, test } from "vitest";
import type { Manifest } from "../../components/backup/manifest.ts";
import { backup } from "../../components/drills/catalogue/backup.ts";
import type { Evidence } from "../../components/drills/evidence.ts";
import { judge } from "../../components/drills/verdict.ts";
import { savedEvidence } from "./drill-evidence-support.ts";

type Change = (evidence: Evidence, manifest: Manifest) => void;

const evidence = (change: Change = () => undefined) => {
  const saved = savedEvidence("backup");
  change(saved, saved.facts.manifest as Manifest);
  return saved;
};
const failed = (change: Change) =>
  backup
    .judge(evidence(change))
    .filter(({ ok }) => !ok)
    .map(({ name, seen }) => `${name}: ${seen}`);

const GAP = "writers on the other managers never waited long";
const middle = 1_795_256_634_000;

describe("the judge of the backup drill", () => {
  test("lets a real run pass", () => {
    const saved = evidence();
    const { verdict, reason } = judge(saved, backup.judge(saved), { minimum: 2 });
    expect([verdict, reason]).toEqual([
      "passed",
      `all 9 checks hold, 0 of ${saved.operations.length} acknowledged writes lost`,
    ]);
  });

  test.each<[string, Change, string[]]>([
    [
      "the leader was stopped",
      ({ facts }, { node }) => {
        facts.leaderBefore = node.name;
        facts.leaderAfter = node.name;
      },
      ["the leader was not stopped: m2"],
    ],
    [
      "there was an election",
      ({ facts }) => {
        facts.leaderAfter = "m3";
      },
      ["no election was needed: m3"],
    ],
    [
      "nobody knows the leader afterwards",
      ({ facts }) => {
        delete facts.leaderAfter;
      },
      ["no election was needed: nothing"],
    ],
    [
      "all others waited",
      (saved) => {
        const waits = (at: number) => at > middle && at < middle + 1500;
        saved.operations = saved.operations.filter(({ end }) => end === null || !waits(end));
      },
      [expect.stringMatching(`^${GAP}: 1\\.\\d\\d s$`) as unknown as string],
    ],
    [
      "only the manager that was stopped had a writer",
      (saved, { node }) => {
        saved.operations = saved.operations.filter(({ writer }) => writer === node.name);
      },
      [`${GAP}: no write of theirs`],
    ],
    [
      "the copy was hot",
      (_, manifest) => {
        manifest.mode = "hot";
      },
      [
        expect.stringMatching(
          /^the backup is a cold one, with a checksum: hot, /,
        ) as unknown as string,
      ],
    ],
    [
      "the archive has no checksum",
      (_, manifest) => {
        manifest.swarm.sha256 = "";
      },
      ["the backup is a cold one, with a checksum: cold, "],
    ],
    [
      "the manager was away for a minute",
      (saved) => {
        saved.steps = saved.steps.map((step) =>
          step.command === "npm run backup" ? { ...step, seconds: 60 } : step,
        );
      },
      ["the manager was back and Reachable: 60 s for the whole backup"],
    ],
    [
      "no backup was made",
      (saved) => {
        saved.steps = saved.steps.filter(({ command }) => command !== "npm run backup");
      },
      ["the manager was back and Reachable: NaN s for the whole backup"],
    ],
  ])("fails when %s", (_, change, expected) => {
    expect(failed(change)).toEqual(expected);
  });

  test("waits of the manager that was stopped are no failure", () => {
    const { node } = evidence().facts.manifest as Manifest;
    const without: Change = (saved) => {
      saved.operations = saved.operations.filter(
        ({ writer, end }) => writer !== node.name || (end ?? 0) < middle - 3000,
      );
    };
    expect(failed(without)).toEqual([]);
  });
});
