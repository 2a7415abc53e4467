import type { FinishedExam } from "../practice/exam.ts";
import type { ReportFigures } from "./figures.ts";
import { html, type Markup } from "./markup.ts";
import { flagOf, hint, opened, table, time } from "./page-parts.ts";
import { plotDomains, plotExams } from "./plot-practice.ts";
import type { DomainProgress, ExerciseProgress } from "./practice.ts";
import { seconds } from "./trend.ts";

const domainRows = (domains: readonly DomainProgress[]) =>
  domains.map(({ title, weight, alone, shown, of }) => [title, `${weight} %`, alone, shown, of]);

const doneRows = (exercises: readonly ExerciseProgress[]) =>
  exercises.flatMap(({ name, topic, title, done }) =>
    done === undefined
      ? []
      : [
          [
            name,
            topic,
            title,
            seconds(done.seconds),
            done.solved ? "shown" : "alone",
            done.hints,
            time(done.at),
          ],
        ],
  );

const NEWEST = 5;

/** The newest exams by domain, as far as domains were asked for. */
function byDomain(exams: readonly FinishedExam[], domains: readonly DomainProgress[]): Markup {
  const shown = exams.map((exam, index) => ({ exam, name: `Exam ${index + 1}` })).slice(-NEWEST);
  const rows = domains.map(({ domain, title }) => [
    title,
    ...shown.map(({ exam }) => passedIn(exam, domain)),
  ]);
  return table("What passed, by domain", ["Domain", ...shown.map(({ name }) => name)], rows);
}

function passedIn({ domains }: FinishedExam, wanted: string): string {
  const found = domains.find(({ domain }) => domain === wanted);
  return found === undefined ? "–" : `${found.passed} of ${found.of}`;
}

/** Each exam a row, each domain a column: how many of its exercises passed. */
function examTable(exams: readonly FinishedExam[], domains: readonly DomainProgress[]): Markup {
  const rows = exams.map((exam, index) => [
    index + 1,
    time(exam.endedAt),
    exam.seed,
    `${exam.minutes} min`,
    `${exam.percent} of 100`,
    ...domains.map(({ domain }) => passedIn(exam, domain)),
  ]);
  const head = [
    "Exam",
    "When (UTC)",
    "Seed",
    "Time",
    "Score",
    ...domains.map(({ title }) => title),
  ];
  return table("Exams, the oldest first, and what passed by domain", head, rows);
}

/** What was practised, and the exams, by the exam's domains. */
export function practicePart({ lab, practice }: ReportFigures): Markup {
  const { domains, exercises, exams, count } = practice;
  const flag = flagOf(lab);
  return html`<section id="practice" aria-labelledby="practice-title"><h2 id="practice-title">Practice and exam</h2>
<div class="side-by-side">
<figure><h3>Exercises: ${count} of ${exercises.length} done</h3>
${plotDomains(domains)}
<figcaption><ul class="legend"><li><span class="sign block good" aria-hidden="true"></span> done alone</li><li><span class="sign block warn" aria-hidden="true"></span> shown</li><li><span class="sign block line" aria-hidden="true"></span> open</li></ul></figcaption>
${count === 0 && hint(`\`npm run practice -- ${flag}start drain-node\` begins the first; \`npm run practice\` lists them.`)}
${opened(
  "Exercises as tables",
  html`${table("Exercises by domain", ["Domain", "Weight", "Alone", "Shown", "In all"], domainRows(domains))}
${
  count > 0 &&
  table(
    "Exercises that were done",
    ["Exercise", "Topic", "Domain", "Best time", "How", "Hints", "When (UTC)"],
    doneRows(exercises),
  )
}`,
  { key: "practice-tables" },
)}</figure>
<figure><h3>Exams: ${exams.length}</h3>
${
  exams.length === 0
    ? html`<p>No exam has come to its end yet.</p>${hint(`\`npm run exam -- ${flag}--minutes 45\` begins one.`)}`
    : html`${plotExams(exams)}${byDomain(exams, domains)}${opened("Exams as a table", examTable(exams, domains), { key: "exam-table" })}`
}</figure>
</div></section>`;
}
