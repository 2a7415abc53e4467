import type { ReportFigures } from "./figures.ts";
import type { AtWork } from "./input.ts";
import { html, idOf, type Markup } from "./markup.ts";
import { preformatted, tiles, time } from "./page-parts.ts";
import { timelineFigure } from "./page-run.ts";
import { countsOf } from "./timeline.ts";
import { seconds } from "./trend.ts";
import type { UnderWay } from "./under-way.ts";

function runPart(run: UnderWay, now: number): Markup {
  const { drill, runId, beganAt, silent, alive, phases, timeline, last } = run;
  const counts = timeline.writers.map(({ writes }) => countsOf(writes));
  const acknowledged = counts.reduce((sum, one) => sum + one.acknowledged, 0);
  const unknown = counts.reduce((sum, one) => sum + one.unknown + one.refused, 0);
  const key = idOf("under-way", runId, drill);
  return html`<article class="run" aria-labelledby="${key}">
<h3 id="${key}">${drill}, run ${runId}</h3>
${
  alive
    ? html`<p>It is at <strong>${phases.at(-1)?.phase ?? "its beginning"}</strong>: ${phases.at(-1)?.says ?? ""}</p>`
    : html`<p>It has said nothing for ${seconds(silent)} and has no verdict: it was killed. The next <code>npm run up</code> mends the lab.</p>`
}
${tiles([
  ["began", html`${time(beganAt)} UTC`],
  ["for", seconds(alive ? (now - beganAt) / 1000 : timeline.to)],
  ["writes so far", acknowledged, `${unknown} refused or unknown`],
])}
${timelineFigure(timeline, `${drill}, run ${runId}, so far`, key)}
${last.length > 0 && preformatted(`last words of ${drill}`, last.join("\n"))}
</article>`;
}

function atWorkPart({ exam, exercise }: AtWork, now: number): Markup {
  const left = exam && Math.max(0, Math.ceil(exam.minutes - (now - exam.startedAt) / 60_000));
  return html`${
    exam &&
    html`<article class="run"><h3>Exam</h3>${tiles([
      ["minutes left", left ?? 0, `of ${exam.minutes}`],
      ["handed in", exam.handedIn, `of ${exam.of}`],
    ])}</article>`
  }${
    exercise &&
    html`<article class="run"><h3>${exercise.name ?? "Something is broken: find out what"}</h3>${tiles(
      [["at it for", seconds((now - exercise.startedAt) / 1000)]],
    )}</article>`
  }`;
}

/** What goes on at this moment: runs without a verdict, the exam, the exercise. Nothing where nothing does. */
export function underWayPart({ underWay, atWork, at }: ReportFigures): Markup | undefined {
  if (underWay.length === 0 && atWork.exam === undefined && atWork.exercise === undefined)
    return undefined;
  return html`<section id="under-way" aria-labelledby="under-way-title"><h2 id="under-way-title">Under way</h2>
${atWorkPart(atWork, at)}${underWay.map((run) => runPart(run, at))}</section>`;
}
