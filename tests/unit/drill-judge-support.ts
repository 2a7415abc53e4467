import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Drill } from "../../components/drills/drill.ts";
import { type Evidence, parseEvidence } from "../../components/drills/evidence.ts";
import { judge } from "../../components/drills/verdict.ts";

/** Facts that may be changed, at whatever depth. */
// biome-ignore lint/suspicious/noExplicitAny: evidence is what a test says it is
export type Facts = Record<string, any>;
export type Change = (facts: Facts, evidence: Evidence) => void;

/** What a run of a drill on a real lab recorded, cut down to some of its writes. Each call reads it anew. */
export function savedRun(drill: Drill): Evidence {
  const file = new URL(`fixtures/drill-${drill.name}.json`, import.meta.url);
  return parseEvidence(readFileSync(file, "utf8"));
}

/** The verdict of the saved run, with something in it changed. */
export function verdictOf(drill: Drill, change: Change = () => undefined) {
  const saved = savedRun(drill);
  change(saved.facts, saved);
  const minimum = Math.min(drill.minimumWrites, 3);
  return judge(saved, drill.judge(saved), { minimum, expectLost: drill.expectLost ?? false });
}

export const failedChecks = (drill: Drill, change: Change): string[] =>
  verdictOf(drill, change)
    .checks.filter(({ ok }) => !ok)
    .map(({ name }) => name);

/** A test that the real run passes, one for each way of going wrong, and one that no check is left untried. */
export function judgeTests(drill: Drill, wrong: readonly (readonly [string, Change, string])[]) {
  test("lets a real run pass", () => {
    const { verdict, reason } = verdictOf(drill);
    expect([verdict, reason.split(",")[0]]).toEqual([
      "passed",
      expect.stringMatching(/checks hold$/),
    ]);
  });

  test.each(wrong)("fails when %s", (_, change, check) => {
    expect(failedChecks(drill, change)).toContain(check);
    expect(verdictOf(drill, change).verdict).toBe("failed");
  });

  test("has been seen to fail in each of its own checks", () => {
    const own = drill.judge(savedRun(drill)).map(({ name }) => name);
    expect([...new Set(wrong.map(([, , check]) => check))].sort()).toEqual(
      expect.arrayContaining(own.sort()),
    );
  });
}
