import * as Plot from "@observablehq/plot";
import { html, type Markup } from "./markup.ts";
import { apart, bothSizes, colour, draw, SIZES, type Size } from "./plot.ts";
import { MEASURES, type Measure, nameOf } from "./timeline.ts";
import { BRIEF, seconds, type Trend, type TrendPoint } from "./trend.ts";

const MARGIN = { marginTop: 30, marginBottom: 38, marginLeft: 40 } as const;
const HEIGHT = 200;
const SYMBOLS: Readonly<Record<Measure, Plot.SymbolType>> = {
  leader: "circle",
  api: "square",
  replicas: "triangle",
  request: "diamond",
};

interface Value {
  readonly run: number;
  readonly seconds: number;
}

const valuesOf = (points: readonly TrendPoint[], measure: Measure): Value[] =>
  points.flatMap(({ run, rto }) => {
    const value = rto[measure];
    return value === null ? [] : [{ run, seconds: value }];
  });

/** The measures that were away in any run: lines along zero only hide the others. */
export const measuresShown = ({ points }: Trend): Measure[] =>
  MEASURES.filter((measure) => valuesOf(points, measure).some((value) => value.seconds > 0));

const runsAxis = (points: readonly TrendPoint[]) => ({
  ...{ type: "point" as const, domain: points.map(({ run }) => run), padding: 0.3 },
  ...{
    label: "run, the oldest first",
    labelAnchor: "center" as const,
    labelArrow: "none" as const,
  },
});

function rto(trend: Trend, label: string, size: Size): Markup {
  const shown = measuresShown(trend).map((measure) => ({
    measure,
    values: valuesOf(trend.points, measure),
  }));
  const most = Math.max(...shown.flatMap(({ values }) => values.map((value) => value.seconds)));
  const inner = HEIGHT - MARGIN.marginTop - MARGIN.marginBottom;
  const ends = shown.map(({ values }) => (1 - (values.at(-1)?.seconds ?? 0) / most) * inner);
  const places = apart(ends, 13);
  return draw(
    {
      ...{
        ...MARGIN,
        width: SIZES[size] * (size === "wide" ? 0.62 : 1),
        height: HEIGHT,
        marginRight: 104,
      },
      x: runsAxis(trend.points),
      y: { domain: [0, most], label: "seconds", labelArrow: "none", ticks: 4 },
      marks: [
        Plot.gridY({ stroke: colour("line"), strokeOpacity: 1, ticks: 4 }),
        ...shown.flatMap(({ measure, values }, index) => [
          Plot.line(values, { x: "run", y: "seconds", stroke: colour(measure), strokeWidth: 2 }),
          Plot.dot(values, {
            ...{ x: "run", y: "seconds", r: 4, fill: colour(measure) },
            ...{ symbol: SYMBOLS[measure], stroke: colour("surface") },
          }),
          Plot.text(values.slice(-1), {
            ...{ x: "run", y: "seconds", dx: 10, textAnchor: "start", fill: colour(measure) },
            dy: (places[index] ?? 0) - (ends[index] ?? 0),
            text: (value: Value) => `${nameOf(measure)} ${seconds(value.seconds)}`,
          }),
        ]),
      ],
    },
    label,
  );
}

function rpo(trend: Trend, label: string, size: Size): Markup {
  const bars = trend.points.flatMap(({ run, lost, undone }) => [
    { run, writes: lost, kind: "bad" },
    { run, writes: undone, kind: "warn" },
  ]);
  return draw(
    {
      ...{
        ...MARGIN,
        width: SIZES[size] * (size === "wide" ? 0.32 : 1),
        height: HEIGHT,
        marginRight: 10,
      },
      x: { ...runsAxis(trend.points), type: "band", label: "run" },
      y: { label: "writes", labelArrow: "none", ticks: 4, nice: true },
      color: { type: "identity" },
      marks: [
        Plot.gridY({ stroke: colour("line"), strokeOpacity: 1, ticks: 4 }),
        Plot.barY(bars, { x: "run", y: "writes", fill: ({ kind }) => colour(kind) }),
        Plot.text(trend.points, {
          ...{ x: "run", y: ({ lost, undone }: TrendPoint) => lost + undone, dy: -8 },
          text: ({ lost, undone }: TrendPoint) => `${lost + undone}`,
        }),
      ],
    },
    label,
  );
}

/** RTO and RPO over the runs of a drill; undefined where there is nothing to compare yet. */
export function plotTrend(trend: Trend): Markup | undefined {
  if (trend.points.length < 2) return undefined;
  const times = trend.points.some(({ whole }) => (whole ?? 0) >= BRIEF);
  const writes = trend.points.some(({ lost, undone }) => lost + undone > 0);
  if (!times && !writes) return undefined;
  return html`<div class="side-by-side">${
    times &&
    html`<div><p class="meta">Seconds until it was back (RTO)</p>${bothSizes((size) => rto(trend, `RTO over runs. ${trend.says}`, size))}</div>`
  }${
    writes &&
    html`<div><p class="meta">Writes <span class="bad">lost</span> or <span class="warn">taken back</span> by a restore (RPO)</p>${bothSizes(
      (size) =>
        rpo(trend, "RPO over runs: writes lost, and writes that a restore took back.", size),
    )}</div>`
  }</div>`;
}
