import { describe, expect, test } from "vitest";
import { EXERCISES } from "../../components/practice/catalogue/index.ts";
import { figuresOf } from "../../components/report/figures.ts";
import type { RunRecord } from "../../components/report/input.ts";
import { practiceFigures } from "../../components/report/practice.ts";
import { zonesOf } from "../../components/report/topology.ts";
import { parseProgress, SILENCE, underWay } from "../../components/report/under-way.ts";
import { done, exam, later, savedEvidence, seen } from "../support/report-sample.ts";
import { emptyInput, recordOf } from "./report-support.ts";

describe("the figures of a report", () => {
  test("put each drill's runs together, the newest first, and tell as many as are wanted", () => {
    const runs = [0, 2, 1].map((days) => recordOf(later(savedEvidence("leader-loss"), { days })));
    const other = recordOf(savedEvidence("restore-cluster"));
    const { drills, totals } = figuresOf(emptyInput({ runs: [...runs, other] }), { most: 2 });
    expect(drills.map(({ drill }) => drill)).toEqual(["restore-cluster", "leader-loss"]);
    const [, losses] = drills;
    expect(losses?.runs.map(({ verdict }) => verdict.startedAt)).toEqual(
      [runs[1], runs[2]].map((run) => run?.verdict?.startedAt),
    );
    expect(losses?.leftOut).toBe(1);
    expect(losses?.trend.points).toHaveLength(3);
    expect(totals).toMatchObject({ runs: 4, drills: 2, passed: 2, lost: 0 });
  });

  test("count no loss of a control, which has to lose", () => {
    const control = recordOf(savedEvidence("quorum-force"));
    const { verdict } = control;
    if (verdict === undefined) throw new Error("it was judged");
    const lossy = { ...control, verdict: { ...verdict, rpo: { ...verdict.rpo, lost: 7 } } };
    const named = (drill: string): RunRecord => ({
      ...lossy,
      drill,
      verdict: { ...lossy.verdict, drill },
    });
    const of = (drill: string) =>
      figuresOf(emptyInput({ runs: [named(drill)] }), { most: 5 }).totals;
    expect(of("hot-backup")).toMatchObject({ lost: 0, acknowledged: 0 });
    expect(of("leader-loss")).toMatchObject({ lost: 7 });
  });

  test("keep a drill that the catalogue does not know, and one that could not be staged", () => {
    const unknown = recordOf({ ...savedEvidence("leader-loss"), drill: "leader-loss" });
    const verdict = { ...unknown.verdict, drill: "of-old" } as RunRecord["verdict"];
    const old = { ...unknown, drill: "of-old", ...(verdict ? { verdict } : {}) };
    const evidence = { ...savedEvidence("leader-loss"), available: { reason: "no zone" } };
    const { drills } = figuresOf(emptyInput({ runs: [old, recordOf(evidence)] }), { most: 5 });
    expect(drills.map(({ drill, question }) => [drill, question !== ""])).toEqual([
      ["leader-loss", true],
      ["of-old", false],
    ]);
    expect(drills[0]?.runs[0]?.verdict.verdict).toBe("unavailable");
    expect(drills[0]?.runs[0]?.timeline).toBeUndefined();
    expect(drills[0]?.trend.points).toEqual([]);
  });
});

describe("a run that is under way", () => {
  const progress = parseProgress(
    "   0 s  healthy: the lab is whole\n  11 s  break: m1 loses its power\n   noise\n  14 s    m1: x (3 s)\n",
  );
  const run: RunRecord = {
    ...{ drill: "leader-loss", runId: "r", cluster: "c", operations: [], progress },
    lastSign: 1_000_000,
  };

  test("is told by its phases, from the seconds that it says itself", () => {
    const { phases, beganAt, timeline, alive, last } = underWay(run, 1_002_000);
    expect(phases).toEqual([
      { phase: "healthy", at: 0, says: "the lab is whole" },
      { phase: "break", at: 11, says: "m1 loses its power" },
    ]);
    expect(beganAt).toBe(986_000);
    expect(timeline.to).toBe(14);
    expect(alive).toBe(true);
    expect(last).toHaveLength(3);
  });

  test("counts as killed when it said nothing for long", () => {
    const silent = (seconds: number) => underWay(run, run.lastSign + seconds * 1000).alive;
    expect([silent(SILENCE - 1), silent(SILENCE)]).toEqual([true, false]);
  });
});

test("zones hold their nodes, managers first, with the tasks that run there", () => {
  const zones = zonesOf(seen());
  expect(zones.map(({ zone, nodes }) => [zone, nodes.map(({ name }) => name)])).toEqual([
    ["a", ["m1", "w1"]],
    ["b", ["m2", "w2"]],
    ["c", ["m3"]],
  ]);
  expect(zones[0]?.nodes[0]).toMatchObject({ leader: true, well: true, tasks: [] });
  expect(zones[0]?.nodes[1]?.tasks).toEqual([
    { service: "app", count: 2 },
    { service: "edge", count: 1 },
  ]);
});

test("progress is counted by domain: alone, shown, and all there are", () => {
  const exams = [exam("2", 4, 6), exam("1", 1, 4)];
  const {
    domains,
    count,
    exams: sorted,
  } = practiceFigures(
    { ...done(), "no-such-exercise": { at: 1, seconds: 1, hints: 0, solved: false } },
    exams,
  );
  expect(domains.find(({ domain }) => domain === "security")).toEqual({
    ...{ domain: "security", title: "Security", weight: 15 },
    ...{ alone: 5, shown: 1, of: EXERCISES.filter(({ domain }) => domain === "security").length },
  });
  expect(count).toBe(Object.keys(done()).length);
  expect(sorted.map(({ seed }) => seed)).toEqual(["1", "2"]);
});
