import type { DrillFigures, ReportFigures } from "./figures.ts";
import { html, idOf, type Markup } from "./markup.ts";
import { badge, flagOf, hint, opened, table, time } from "./page-parts.ts";
import { runPart } from "./page-run.ts";
import { plotTrend } from "./plot-trend.ts";
import { MEASURES, nameOf } from "./timeline.ts";
import { seconds, type Trend } from "./trend.ts";

const measured = (value: number | null) => (value === null ? "–" : seconds(value));

function trendPart(drill: string, trend: Trend): Markup {
  const rows = trend.points.map(({ run, runId, at, verdict, rto, lost, undone, acknowledged }) => [
    ...[run, runId, time(at), badge(verdict)],
    ...MEASURES.map((measure) => measured(rto[measure])),
    ...[`${lost} of ${acknowledged}`, undone],
  ]);
  const head = [
    "Run",
    "Id",
    "When (UTC)",
    "Verdict",
    ...MEASURES.map(nameOf),
    "Lost",
    "Taken back",
  ];
  return html`<figure class="trend">${plotTrend(trend)}
<figcaption>${trend.says}</figcaption>
${opened("All runs as a table", table(`RTO and RPO of ${drill} over its runs`, head, rows), { key: `${idOf(drill)}-trend` })}</figure>`;
}

function drillPart(
  { drill, question, control, limits, runs, leftOut, trend }: DrillFigures,
  open: boolean,
): Markup {
  const [newest, ...earlier] = runs;
  const id = idOf("drill", drill);
  const more =
    leftOut > 0 &&
    html`<p>${leftOut} older runs are in the table above alone; \`--runs\` shows more of them.</p>`;
  return html`<details class="drill" data-key="${id}"${open && html` open`}>
<summary><h3 id="${id}">${drill}</h3> ${newest && badge(newest.verdict.verdict)}${
    control && html` <span class="control">wrong procedure</span>`
  }</summary>
${question !== "" && html`<p class="question">${question}</p>`}
${newest && runPart(newest)}
${trend.points.length > 0 && trendPart(drill, trend)}
${
  earlier.length + leftOut > 0 &&
  opened(html`Earlier runs: ${earlier.length + leftOut}`, html`${earlier.map(runPart)}${more}`, {
    raw: true,
    key: `${id}-earlier`,
  })
}
${
  limits.length > 0 &&
  opened("What this does not prove", html`<ul>${limits.map((one) => html`<li>${one}</li>`)}</ul>`, {
    key: `${id}-limits`,
  })
}
</details>`;
}

/** All drills in one table: the newest verdict, how fast, what was lost, whether it gets better. */
function overview(drills: readonly DrillFigures[]): Markup {
  const rows = drills.map(({ drill, runs: [newest], leftOut, runs, trend }) => {
    const wholes = trend.points.flatMap(({ whole }) => whole ?? []);
    const last = wholes.at(-1);
    return [
      html`<a href="#${idOf("drill", drill)}">${drill}</a>`,
      newest && badge(newest.verdict.verdict),
      runs.length + leftOut,
      last === undefined ? "–" : seconds(last),
      wholes.length === 0 ? "–" : seconds(Math.min(...wholes)),
      newest === undefined || newest.verdict.rpo.acknowledged === 0
        ? "–"
        : `${newest.verdict.rpo.lost} of ${newest.verdict.rpo.acknowledged}`,
    ];
  });
  const head = ["Drill", "Verdict", "Runs", "All back after", "Best", "Writes lost"];
  return table("Drills: the newest run of each", head, rows);
}

/** The drills that were run, each with its newest run, its runs over time, and the earlier ones. */
export function drillsPart({ lab, drills, totals }: ReportFigures): Markup {
  const newest = drills.reduce<DrillFigures | undefined>(
    (found, one) =>
      (one.runs[0]?.verdict.startedAt ?? 0) > (found?.runs[0]?.verdict.startedAt ?? -1)
        ? one
        : found,
    undefined,
  );
  const flag = flagOf(lab);
  return html`<section id="drills" aria-labelledby="drills-title"><h2 id="drills-title">Drills</h2>
${
  drills.length === 0
    ? html`<p>No drill has been run on this lab yet.</p>${hint(`\`npm run drill -- ${flag}leader-loss\` runs one; \`npm run drill -- ${flag}--list\` shows all ${totals.catalogue}.`)}`
    : html`${overview(drills)}${drills.map((one) => drillPart(one, one === newest))}`
}</section>`;
}
