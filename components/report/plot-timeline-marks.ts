import * as Plot from "@observablehq/plot";
import { colour, inLanes, type Size } from "./plot.ts";
import { MEASURES, type Moment, type Outcome, type Timeline, type Write } from "./timeline.ts";
import { seconds } from "./trend.ts";

/** Pixels of a row of labels above the plot. */
export const LANE = 13;
/** Ticks and signs of a writer at most: nearer ones cannot be told apart. */
const TICKS = { wide: 170, narrow: 80 } as const;
const SIGNS = { wide: 80, narrow: 28 } as const;
/** A write that took longer than this, in seconds, is shown as waiting. */
const WAITED = 1;

const SYMBOLS = { lost: "times", undone: "triangle", unknown: "circle", refused: "plus" } as const;
const COLOURS: Readonly<Record<Outcome, string>> = {
  acknowledged: colour("write"),
  lost: colour("bad"),
  undone: colour("warn"),
  unknown: colour("warn"),
  refused: colour("muted"),
};

/**
 * Of the writes of each outcome one for every of so many columns of the plot: more cannot be told apart. Lost ones are all
 * there. Pure.
 */
export function thinned(
  writes: readonly Write[],
  { from, to }: Pick<Timeline, "from" | "to">,
  columns: number,
): Write[] {
  const seen = new Set<string>();
  return writes.filter((write) => {
    const column = `${write.outcome} ${Math.floor(((write.to - from) / (to - from)) * columns)}`;
    if (write.outcome !== "lost" && seen.has(column)) return false;
    seen.add(column);
    return true;
  });
}

/** The moments as lines with labels above the plot, and in how many lanes those are. `x`: pixels of a second. */
export function momentMarks(moments: readonly Moment[], x: (at: number) => number, width: number) {
  const text = ({ name, at }: Moment) => (name === "break" ? name : `${name} ${seconds(at)}`);
  const placed = inLanes(moments, { x: ({ at }) => x(at), text, width });
  const marks = placed.map(({ item, lane, left }) => {
    const paint =
      item.name === "break"
        ? colour("bad")
        : item.name === "recovered"
          ? colour("good")
          : colour("muted");
    const dashed = ["break", "recovered"].includes(item.name) ? {} : { strokeDasharray: "3,3" };
    return [
      Plot.ruleX([item.at], { stroke: paint, insetTop: -(lane * LANE + 10), ...dashed }),
      Plot.text([item], {
        ...{ x: "at", text, frameAnchor: "top", dy: -(lane * LANE + 6), dx: left ? -4 : 4 },
        ...{ textAnchor: left ? "end" : "start", fill: paint },
      }),
    ];
  });
  return { marks, lanes: Math.max(0, ...placed.map(({ lane }) => lane + 1)) };
}

/** How long each was away, as bars from the break. */
export function measureMarks(timeline: Timeline) {
  const rows = MEASURES.map((measure) => ({ measure, to: timeline.measures[measure] }));
  const away = rows.filter(({ to }) => (to ?? 0) > 0);
  const far = (to: number | null) => (to ?? 0) > (timeline.to + timeline.from) / 2;
  const said = ({ to }: { to: number | null }) =>
    to === null ? "not measured" : to === 0 ? "never away" : seconds(to);
  const label = { y: "measure", text: said, fill: colour("ink") } as const;
  return [
    Plot.barX(away, {
      ...{ x1: 0, x2: "to", y: "measure", insetTop: 5, insetBottom: 5, rx: 2 },
      fill: ({ measure }) => colour(measure),
    }),
    Plot.text(
      rows.filter(({ to }) => !far(to)),
      { ...label, x: ({ to }) => to ?? 0, dx: 6, textAnchor: "start" },
    ),
    Plot.text(
      rows.filter(({ to }) => far(to)),
      { ...label, x: "to", dx: -6, textAnchor: "end", fill: colour("on-colour") },
    ),
  ];
}

/** Each writer a row: its acknowledged writes as ticks, those that waited as lines, all others as signs. */
export function writeMarks(timeline: Timeline, size: Size) {
  return timeline.writers.flatMap(({ writer, writes }) => {
    const row = { y: () => writer };
    const good = writes.filter(({ outcome }) => outcome === "acknowledged");
    const waited = writes.filter(({ from, to }) => to - from > WAITED);
    const others = writes.filter(({ outcome }) => outcome !== "acknowledged");
    return [
      Plot.link(waited, {
        ...{ x1: "from", x2: "to", y1: () => writer, y2: () => writer, strokeWidth: 2 },
        stroke: ({ outcome }: Write) => COLOURS[outcome],
      }),
      Plot.tickX(thinned(good, timeline, TICKS[size]), {
        ...{ ...row, x: "to", stroke: COLOURS.acknowledged, strokeWidth: 1.5 },
        ...{ insetTop: 5, insetBottom: 5 },
      }),
      Plot.dot(thinned(others, timeline, SIGNS[size]), {
        ...{ ...row, x: "to", r: 4, strokeWidth: 1.8, fill: "none" },
        symbol: ({ outcome }: Write) => SYMBOLS[outcome as keyof typeof SYMBOLS],
        stroke: ({ outcome }: Write) => COLOURS[outcome],
      }),
    ];
  });
}
