import { describe, expect, test } from "vitest";
import type { Verdict } from "../../components/drills/verdict.ts";
import { apart, inLanes } from "../../components/report/plot.ts";
import { thinned } from "../../components/report/plot-timeline-marks.ts";
import { measuresShown, plotTrend } from "../../components/report/plot-trend.ts";
import { trendOf } from "../../components/report/trend.ts";
import { judged, later, savedEvidence } from "../support/report-sample.ts";

const run = (days: number, factor = 1, change: Partial<Verdict> = {}): Verdict => ({
  ...judged(later(savedEvidence("leader-loss"), { days, factor })),
  ...change,
});

describe("the runs of a drill over time", () => {
  test("are in order, and say that it got better", () => {
    const { points, says } = trendOf([run(2), run(0, 2), run(1, 1.5)]);
    expect(points.map(({ run: number, whole }) => [number, whole])).toEqual([
      [1, 36.43],
      [2, 27.323],
      [3, 18.215],
    ]);
    expect(says).toBe(
      "All back after 36 s in the first run, 18 s in the last: 50 % faster; 0 of 171 acknowledged writes lost in all runs.",
    );
  });

  test("say that it got worse, and when it is about the same", () => {
    expect(trendOf([run(0), run(1, 2)]).says).toContain("100 % slower");
    expect(trendOf([run(0), run(1, 1.05)]).says).toContain("about the same");
  });

  test("leave out what decided nothing, and ask for one more where there is one", () => {
    const { points, says } = trendOf([
      run(0),
      run(1, 1, { verdict: "void" }),
      run(2, 1, { verdict: "unavailable" }),
    ]);
    expect(points).toHaveLength(1);
    expect(says).toContain("One more run shows");
  });

  test("have no plot of one run, nor of what was never away", () => {
    expect(plotTrend(trendOf([run(0)]))).toBeUndefined();
    const rto = { leader: 0, api: 0, replicas: 0, request: 0 };
    expect(plotTrend(trendOf([run(0, 1, { rto }), run(1, 1, { rto })]))).toBeUndefined();
  });

  test("are drawn with what was away in any of them", () => {
    const trend = trendOf([run(0, 2), run(1)]);
    expect(measuresShown(trend)).toEqual(["leader", "api", "replicas"]);
    const drawn = plotTrend(trend)?.text ?? "";
    expect(drawn).toContain("leader 18 s");
    expect(drawn).toContain("50 % faster");
    expect(drawn).not.toContain("(RPO)");
  });

  test("say so where nothing was away for long, and draw nothing", () => {
    const rto = { leader: 0, api: 0.2, replicas: 0, request: null };
    const brief = trendOf([run(0, 1, { rto }), run(1, 1, { rto })]);
    expect(brief.says).toMatch(/^Nothing was away for as long as a second;/);
    expect(plotTrend(brief)).toBeUndefined();
  });

  test("show writes that were lost", () => {
    const rpo = { ...run(0).rpo, lost: 3 };
    const drawn = plotTrend(trendOf([run(0, 1, { rpo }), run(1)]))?.text;
    expect(drawn).toContain("(RPO)");
  });
});

test("labels that would touch are put into lanes of their own", () => {
  const at = (x: number, text: string) => ({ x, text });
  const placed = inLanes([at(0, "break"), at(10, "first sign"), at(200, "end"), at(390, "long")], {
    ...{ x: ({ x }) => x, text: ({ text }) => text, width: 400 },
  });
  expect(placed.map(({ lane }) => lane)).toEqual([0, 1, 0, 0]);
  expect(placed.map(({ left }) => left)).toEqual([false, false, false, true]);
});

test("labels at the ends of lines are moved apart, in their order", () => {
  expect(apart([50, 52, 10], 13)).toEqual([50, 63, 10]);
});

test("of writes as many are drawn as can be told apart, and all that were lost", () => {
  const write = (to: number, outcome = "acknowledged") => ({ from: to, to, outcome }) as never;
  const writes = [0, 0.1, 0.2, 5, 9.9].map((to) => write(to));
  const lost = [3, 3.1].map((to) => write(to, "lost"));
  const unknown = [5.1, 5.2].map((to) => write(to, "unknown"));
  expect(thinned([...writes, ...lost, ...unknown], { from: 0, to: 10 }, 10)).toEqual([
    ...[write(0), write(5), write(9.9)],
    ...lost,
    write(5.1, "unknown"),
  ]);
});
