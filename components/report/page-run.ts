import { commandsOf } from "../drills/report.ts";
import type { Check, Verdict } from "../drills/verdict.ts";
import type { RunFigures } from "./figures.ts";
import { html, idOf, type Markup } from "./markup.ts";
import { once } from "./once.ts";
import { badge, opened, preformatted, table, tiles, time } from "./page-parts.ts";
import { plotTimeline } from "./plot-timeline.ts";
import { countsOf, MEASURES, nameOf, OUTCOMES, type Timeline } from "./timeline.ts";
import { seconds } from "./trend.ts";

/** Characters of a drill's facts that are shown; the whole is in its folder. */
const MOST = 20_000;

const measured = (value: number | null) => (value === null ? "not measured" : seconds(value));

const LEGEND = [
  ["write", "|", "acknowledged write"],
  ["bad", "×", "lost"],
  ["warn", "△", "taken back by the restore"],
  ["warn", "○", "of unknown outcome"],
  ["muted", "+", "refused"],
] as const;

const legend = html`<ul class="legend">${LEGEND.map(
  ([paint, sign, says]) =>
    html`<li><span class="sign ${paint}" aria-hidden="true">${sign}</span> ${says}</li>`,
)}<li><span class="sign fault" aria-hidden="true"></span> from the break until it was recovered</li></ul>`;

function timelineTables({ zero, moments, measures, writers }: Timeline, about: string): Markup {
  const since = zero === "break" ? "Seconds since the break" : "Seconds since it began";
  const told = moments.map(({ name, at, to }) => [name, to === undefined ? at : `${at} to ${to}`]);
  const back = MEASURES.map((measure) => [nameOf(measure), measures[measure] ?? "not measured"]);
  const counted = writers.map(({ writer, writes }) => [
    writer,
    ...OUTCOMES.map((one) => countsOf(writes)[one]),
  ]);
  return html`${table(`Moments of ${about}`, ["Moment", since], told)}
${table(`Back after the break, ${about}`, ["What", "Seconds"], back)}
${counted.length > 0 && table(`Writes of ${about}`, ["Writer", ...OUTCOMES], counted)}`;
}

/** The timeline as a figure, with its data as tables. `about` tells it from the page's others. */
export const timelineFigure = (timeline: Timeline, about: string, key: string): Markup =>
  html`<figure class="timeline">${plotTimeline(timeline)}
<figcaption>${legend}</figcaption>
${opened("The timeline as tables", timelineTables(timeline, about), { key: `${key}-tables` })}</figure>`;

const checkRows = (checks: readonly Check[]) =>
  checks.map(({ name, expected, seen, ok }) => [
    name,
    expected,
    seen,
    ok ? "yes" : html`<strong class="bad">no</strong>`,
  ]);

const figuresOf = ({ rto, rpo }: Verdict) =>
  tiles([
    ["leader", measured(rto.leader)],
    ["API", measured(rto.api)],
    ["replicas", measured(rto.replicas)],
    ["request", measured(rto.request)],
    ...(rpo.acknowledged > 0
      ? ([
          ["writes lost", rpo.lost, `of ${rpo.acknowledged}`],
          ["unknown outcome", rpo.indeterminate],
          ["longest gap", seconds(rpo.maxGap)],
        ] as const)
      : []),
    ...(rpo.undoneSeconds > 0
      ? ([["taken back", rpo.undone, `≤ ${seconds(rpo.undoneSeconds)}`]] as const)
      : []),
  ]);

function factsShown(facts: Readonly<Record<string, unknown>>, folder: string | undefined): Markup {
  const text = JSON.stringify(facts, undefined, 1);
  const rest = text.length - MOST;
  const where = folder === undefined ? "evidence.json" : `${folder}/evidence.json`;
  return html`${preformatted("what was read from the lab", text.slice(0, MOST))}
${rest > 0 && html`<p>${rest} characters more are in <code>${where}</code>.</p>`}`;
}

/** One run with its verdict, timeline, checks, commands and evidence. */
export const runPart = once((run: RunFigures): Markup => {
  const { cluster, verdict, timeline, facts, error } = run;
  const { drill, runId, reason, checks, steps, startedAt, endedAt, reportFolder } = verdict;
  const key = idOf(cluster, runId, drill);
  const holding = checks.filter(({ ok }) => ok).length;
  const about = `${drill}, run ${runId}`;
  return html`<article class="run" aria-labelledby="${key}">
<h4 id="${key}">Run ${runId} ${badge(verdict.verdict)}</h4>
<p>${reason}</p>
<p class="meta">${time(startedAt)} UTC, ${seconds((endedAt - startedAt) / 1000)}, swarm ${cluster}</p>
${error !== undefined && error !== reason && html`<p class="bad">${error}</p>`}
${timeline !== undefined && figuresOf(verdict)}
${timeline !== undefined && timelineFigure(timeline, about, key)}
${
  checks.length > 0 &&
  opened(
    html`What was checked: ${holding} of ${checks.length} hold`,
    table(`Checks of ${about}`, ["Check", "Expected", "Seen", "Holds"], checkRows(checks)),
    { open: holding < checks.length, key: `${key}-checks` },
  )
}
${
  steps.length > 0 &&
  opened(
    "Commands, as you would type them",
    preformatted(`commands of ${about}`, commandsOf(steps)),
    { key: `${key}-commands` },
  )
}
${
  facts !== undefined &&
  Object.keys(facts).length > 0 &&
  opened("Evidence: what was read from the lab", factsShown(facts, reportFolder), {
    raw: true,
    key: `${key}-facts`,
  })
}
</article>`;
});
