import { describe, expect, test } from "vitest";
import { timelineInWords } from "../../components/report/plot-timeline.ts";
import { countsOf, timelineOf } from "../../components/report/timeline.ts";
import { judged, savedEvidence } from "../support/report-sample.ts";

const timeline = (drill: string, change = (_: ReturnType<typeof savedEvidence>) => {}) => {
  const evidence = savedEvidence(drill);
  change(evidence);
  return timelineOf(evidence, judged(evidence).rto);
};

describe("the timeline of a drill", () => {
  test("counts seconds from the break, and has its moments in order", () => {
    const { zero, moments, measures, fault, from, to } = timeline("leader-loss");
    expect(zero).toBe("break");
    expect(moments).toEqual([
      { name: "break", at: 0 },
      { name: "first sign", at: 18.37 },
      { name: "elected", at: 18.37 },
      { name: "recovered", at: 34.24 },
    ]);
    expect(measures).toEqual({ leader: 18.215, api: 0.359, replicas: 18.215, request: 0 });
    expect(fault).toEqual({ name: "fault", at: 0, to: 34.24 });
    expect(from).toBe(-10.24);
    expect(to).toBeGreaterThan(56);
  });

  test("shows a write that waited as long as it waited", () => {
    const { writers } = timeline("leader-loss");
    expect(writers.map(({ writer }) => writer)).toEqual(["m1", "m2", "m3"]);
    const longest = writers[1]?.writes.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
    expect(longest).toEqual({ from: 0.59, to: 17.73, outcome: "acknowledged" });
  });

  test("lets a write without an answer last until its writer went on", () => {
    const { writers } = timeline("leader-loss", ({ operations }) => {
      const broken = operations.find(({ name }) => name === "drill-a1-m1-1-24");
      Object.assign(broken ?? {}, { end: null, result: "indeterminate" });
    });
    const write = writers[0]?.writes.find(({ outcome }) => outcome === "unknown");
    expect(write).toEqual({ from: -0.51, to: 25.63, outcome: "unknown" });
  });

  test("takes a write that failed for the first sign where it is sooner than the drill's own", () => {
    const { moments } = timeline("leader-loss", ({ operations }) => {
      const after = operations.find(({ name }) => name === "drill-a1-m3-1-23");
      Object.assign(after ?? {}, { result: "indeterminate" });
    });
    expect(moments.find(({ name }) => name === "first sign")?.at).toBe(0.45);
  });

  test("tells a lost write from one that a restore takes back by right", () => {
    const lost = timeline("leader-loss", ({ reads }) => {
      for (const { values } of reads as { values: Record<string, string> }[])
        delete values["drill-a1-m2-1-39"];
    });
    expect(lost.writers.map(({ writes }) => countsOf(writes).lost)).toEqual([0, 1, 0]);
    const restored = timeline("restore-new-node");
    const counts = restored.writers.map(({ writes }) => countsOf(writes));
    expect(counts.map(({ undone }) => undone).reduce((a, b) => a + b)).toBe(
      judged(savedEvidence("restore-new-node")).rpo.undone,
    );
    expect(counts.every((one) => one.lost === 0)).toBe(true);
    expect(restored.moments[0]).toMatchObject({ name: "backup" });
    expect(restored.moments[0]?.at).toBeLessThan(0);
  });

  test("calls nothing lost where nothing was read in the end", () => {
    const { writers } = timeline("leader-loss", (evidence) => {
      evidence.reads = [];
    });
    expect(writers.map(({ writes }) => countsOf(writes).lost)).toEqual([0, 0, 0]);
  });

  test("has a fault without an end where it was never recovered", () => {
    const seen = timeline("leader-loss", (evidence) => {
      delete evidence.marks.healed;
      evidence.fault = { from: evidence.marks.fault ?? 0, to: null };
    });
    expect(seen.fault).toEqual({ name: "fault", at: 0 });
    expect(timelineInWords(seen)).toContain("never recovered");
  });

  test("counts from the beginning where nothing was broken", () => {
    const seen = timeline("leader-loss", (evidence) => {
      evidence.marks = {};
      evidence.fault = null;
    });
    expect(seen.zero).toBe("beginning");
    expect(seen.moments).toEqual([]);
    expect(seen.from).toBe(0);
  });

  test("is told in words to those who do not see it", () => {
    expect(timelineInWords(timeline("leader-loss"))).toBe(
      "Timeline: break at 0 s; first sign at 18 s; elected at 18 s; recovered at 34 s; " +
        "leader back after 18 s; API back after 0.4 s; replicas back after 18 s; request never away; " +
        "57 writes acknowledged, 0 lost.",
    );
  });
});
