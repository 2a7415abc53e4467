import * as Plot from "@observablehq/plot";
import type { Markup } from "./markup.ts";
import { bothSizes, colour, draw, SIZES, type Size } from "./plot.ts";
import { LANE, measureMarks, momentMarks, writeMarks } from "./plot-timeline-marks.ts";
import {
  MEASURES,
  type Measure,
  type Moment,
  nameOf,
  type Outcome,
  type Timeline,
} from "./timeline.ts";
import { seconds } from "./trend.ts";

const ROW = 24;
const AXIS = 40;
const MARGINS = { wide: { left: 74, right: 18 }, narrow: { left: 60, right: 10 } } as const;

function drawn(timeline: Timeline, label: string, size: Size): Markup {
  const { fault, moments, measures, writers, from, to, zero } = timeline;
  const width = SIZES[size];
  const { left, right } = MARGINS[size];
  const pad = (to - from) * 0.01;
  const domain = [from - pad, to + pad] as const;
  const x = (at: number) => ((at - domain[0]) / (domain[1] - domain[0])) * (width - left - right);
  const measured = Object.values(measures).some((each) => each !== null);
  const rows = [...(measured ? MEASURES : []), ...writers.map(({ writer }) => writer)];
  const above = momentMarks(moments, x, width - left - right);
  const span = (one: Moment | undefined, fill: string) =>
    one === undefined
      ? []
      : [Plot.rectX([one], { x1: "at", x2: ({ to: end }) => end ?? to, fill })];
  const marginTop = above.lanes * LANE + 12;
  const zeroIs = zero === "break" ? "the break" : "the drill began";
  return draw(
    {
      ...{ width, height: marginTop + rows.length * ROW + AXIS, marginTop },
      ...{ marginLeft: left, marginRight: right, marginBottom: AXIS },
      x: {
        domain: [...domain],
        label: `seconds since ${zeroIs}`,
        labelArrow: "none",
        labelAnchor: "center",
        ticks: size === "wide" ? 12 : 5,
      },
      y: {
        ...{ type: "band", domain: rows, label: null, tickSize: 0, padding: 0 },
        tickFormat: (row: string) =>
          MEASURES.find((one) => one === row) ? nameOf(row as Measure) : row,
      },
      symbol: { type: "identity" },
      color: { type: "identity" },
      marks: [
        ...span(fault, colour("fault")),
        ...moments.filter((one) => one.to !== undefined).flatMap((one) => span(one, colour("cut"))),
        Plot.gridX({ stroke: colour("line"), strokeOpacity: 1, ticks: size === "wide" ? 12 : 5 }),
        ...above.marks,
        ...(measured ? measureMarks(timeline) : []),
        ...writeMarks(timeline, size),
      ],
    },
    label,
  );
}

/** The timeline as a person would tell it. */
export function timelineInWords({ moments, measures, writers, fault }: Timeline): string {
  const told = moments.map(({ name, at }) => `${name} at ${seconds(at)}`);
  const back = MEASURES.flatMap((measure) => {
    const value = measures[measure];
    return value === null
      ? []
      : [`${nameOf(measure)} ${value === 0 ? "never away" : `back after ${seconds(value)}`}`];
  });
  const count = (outcome: Outcome) =>
    writers.flatMap(({ writes }) => writes).filter((write) => write.outcome === outcome).length;
  const writes =
    writers.length === 0
      ? []
      : [`${count("acknowledged")} writes acknowledged, ${count("lost")} lost`];
  const end = fault !== undefined && fault.to === undefined ? ["never recovered"] : [];
  return `Timeline: ${[...told, ...back, ...writes, ...end].join("; ")}.`;
}

/** A timeline as a plot, for a wide page and for a phone. */
export const plotTimeline = (timeline: Timeline): Markup =>
  bothSizes((size) => drawn(timeline, timelineInWords(timeline), size));
