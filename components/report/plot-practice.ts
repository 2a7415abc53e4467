import * as Plot from "@observablehq/plot";
import type { FinishedExam } from "../practice/exam.ts";
import type { Markup } from "./markup.ts";
import { bothSizes, colour, draw, SIZES, type Size } from "./plot.ts";
import type { DomainProgress } from "./practice.ts";

const WIDTH = { wide: 0.49, narrow: 1 } as const;
const ROW = 42;
const widthOf = (size: Size) => SIZES[size] * WIDTH[size];

function domainsDrawn(domains: readonly DomainProgress[], label: string, size: Size): Markup {
  const parts = domains.flatMap(({ title, alone, shown, of }) => [
    { title, from: 0, to: alone, fill: colour("good") },
    { title, from: alone, to: alone + shown, fill: colour("warn") },
    { title, from: alone + shown, to: of, fill: colour("line") },
  ]);
  const most = Math.max(...domains.map(({ of }) => of));
  return draw(
    {
      ...{
        width: widthOf(size),
        height: domains.length * ROW + 30,
        marginLeft: 4,
        marginRight: 16,
      },
      ...{ marginTop: 4, marginBottom: 26 },
      x: { domain: [0, most], label: null, ticks: 6, tickFormat: "d" },
      y: { axis: null, domain: domains.map(({ title }) => title), padding: 0 },
      color: { type: "identity" },
      marks: [
        Plot.barX(
          parts.filter(({ from, to }) => to > from),
          { x1: "from", x2: "to", y: "title", fill: "fill", insetTop: 21, insetBottom: 7, rx: 2 },
        ),
        Plot.text(domains, {
          ...{ x: () => 0, y: "title", dy: -9, textAnchor: "start", fill: colour("ink") },
          text: ({ title, weight, alone, shown, of }: DomainProgress) =>
            `${title}, ${weight} %: ${alone + shown} of ${of}`,
        }),
      ],
    },
    label,
  );
}

/** Exercises done by domain: alone, shown, and still open. */
export const plotDomains = (domains: readonly DomainProgress[]): Markup =>
  bothSizes((size) => {
    const said = domains.map(({ title, alone, shown, of }) => `${title} ${alone + shown} of ${of}`);
    return domainsDrawn(domains, `Exercises done by domain: ${said.join(", ")}.`, size);
  });

interface Scored {
  readonly exam: number;
  readonly percent: number;
}

function examsDrawn(scores: readonly Scored[], label: string, size: Size): Markup {
  return draw(
    {
      ...{
        width: widthOf(size),
        height: 240,
        marginLeft: 40,
        marginRight: 20,
        marginTop: 30,
        marginBottom: 40,
      },
      x: {
        ...{ type: "point", domain: scores.map(({ exam }) => exam), padding: 0.4 },
        ...{ label: "exam, the oldest first", labelAnchor: "center", labelArrow: "none" },
      },
      y: { domain: [0, 100], label: "of 100", labelArrow: "none", ticks: 5 },
      marks: [
        Plot.gridY({ stroke: colour("line"), strokeOpacity: 1, ticks: 5 }),
        Plot.line(scores, { x: "exam", y: "percent", stroke: colour("leader"), strokeWidth: 2 }),
        Plot.dot(scores, { x: "exam", y: "percent", r: 4, fill: colour("leader") }),
        Plot.text(scores, {
          ...{ x: "exam", y: "percent", dy: -12, fill: colour("ink") },
          text: ({ percent }: Scored) => `${percent}`,
        }),
      ],
    },
    label,
  );
}

/** The scores of exams, the oldest first. */
export const plotExams = (exams: readonly FinishedExam[]): Markup =>
  bothSizes((size) => {
    const scores = exams.map(({ percent }, index) => ({ exam: index + 1, percent }));
    const said = scores.map(({ exam, percent }) => `exam ${exam}: ${percent} of 100`);
    return examsDrawn(scores, `Scores of exams: ${said.join(", ")}.`, size);
  });
