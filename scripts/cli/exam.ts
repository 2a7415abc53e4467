import pc from "picocolors";
import { UserError } from "../../components/errors.ts";
import { EXERCISES, exerciseNamed } from "../../components/practice/catalogue/index.ts";
import { DOMAINS } from "../../components/practice/domains.ts";
import { draw, type Item, type Score, score } from "../../components/practice/exam.ts";
import { filled, named } from "../../components/practice/grade.ts";
import { type Exam, endExam, readExam, secondsLeft, writeExam } from "../practice/exam-file.ts";
import { recordExam } from "../practice/exams-done.ts";
import { check } from "../practice/grading.ts";
import { namesOf } from "../practice/places.ts";
import { begin } from "../practice/session.ts";
import { readSession } from "../practice/session-file.ts";
import { reset } from "../practice/take-back.ts";
import type { PracticeLab } from "../practice/under-way.ts";
import { practiceLab, reasonAgainst } from "./practice.ts";
import { drawTask } from "./practice-view.ts";
import { report, timed } from "./report.ts";
import { enterForLooking } from "./status.ts";

export interface ExamOptions {
  readonly minutes?: string;
  readonly seed?: string;
}

const SHORTEST = 5;

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= SHORTEST && minutes <= 240) return minutes;
  throw new UserError(
    `exam --minutes: got ${JSON.stringify(text)}, need a whole number from ${SHORTEST} to 240`,
  );
}

async function create(
  lab: PracticeLab,
  { minutes: text = "45", seed = String(Date.now()) }: ExamOptions,
): Promise<Exam> {
  const minutes = minutesOf(text);
  if ((await readSession(lab.stack)) !== undefined)
    throw new UserError("exam: an exercise is under way; `npm run practice -- reset` first");
  const possible = EXERCISES.filter((one) => reasonAgainst(one, lab.description) === undefined);
  const items = draw(possible, { minutes, seed }).map(({ name }) => ({
    ...{ exercise: name, passed: null, wrong: [] },
  }));
  if (items.length === 0)
    throw new UserError(
      "exam: this lab can hold no exercise; `npm run practice -- --list` says why",
    );
  const exam: Exam = { seed, minutes, startedAt: Date.now(), items };
  await writeExam(lab.stack, exam);
  return exam;
}

/** The exercise that is asked now: begun when it is not, told either way. Undefined when none is left, or no time. */
async function ask(lab: PracticeLab, exam: Exam): Promise<string | undefined> {
  const at = exam.items.findIndex(({ passed }) => passed === null);
  const item = exam.items[at];
  if (item === undefined || secondsLeft(exam) === 0) return undefined;
  const exercise = exerciseNamed(item.exercise);
  let session = await readSession(lab.stack);
  // Killed between the grade and the reset, the one before is still there.
  if (session !== undefined && (session.exercise !== exercise.name || !session.ready)) {
    await timed("the lab as it was", () => reset(lab));
    session = undefined;
  }
  session ??= await timed("preparing the exercise", () => begin(lab, exercise, { exam: true }));
  const minutes = Math.ceil(secondsLeft(exam) / 60);
  const head = pc.bold(`${at + 1} of ${exam.items.length}, ${minutes} minutes left`);
  const flag = ` --stack ${lab.stack}`;
  return `${head}\n\n${drawTask(named(exercise, session.names), session.names, { exam: true, flag })}`;
}

/** Grades the exercise that is under way, unless its time is over, and takes it back. */
async function handIn(lab: PracticeLab, exam: Exam): Promise<Exam> {
  const at = exam.items.findIndex(({ passed }) => passed === null);
  const session = await readSession(lab.stack);
  if (session === undefined || at < 0) return exam;
  const inTime = secondsLeft(exam) > 0 && session.ready;
  const grade = inTime ? await timed("grading", () => check(lab)) : undefined;
  const wrong = grade?.checks.filter(({ ok }) => !ok).map(({ name, why }) => `${name}: ${why}`) ?? [
    "the time was over",
  ];
  const passed = grade?.passed ?? false;
  const items = exam.items.map((item, index) => (index === at ? { ...item, passed, wrong } : item));
  const graded = { ...exam, items };
  await writeExam(lab.stack, graded);
  await timed("the lab as it was", () => reset(lab));
  return graded;
}

const itemsOf = ({ items }: Exam): Item[] =>
  items.map(({ exercise: name, passed }) => ({
    ...{ name, domain: exerciseNamed(name).domain, passed: passed === true },
  }));

function drawReview(exam: Exam, found: Score, solution: (name: string) => readonly string[]) {
  const reviewed = exam.items.flatMap(({ exercise, passed, wrong }) =>
    passed
      ? [`${pc.green("ok")}  ${exercise}`]
      : [
          `${pc.red("NO")}  ${exercise}`,
          ...(passed === null ? ["    not reached"] : wrong.map((line) => `    ${line}`)),
          ...solution(exercise).map((line) => pc.dim(`    ${line}`)),
        ],
  );
  const domains = found.domains.map(
    ({ domain, passed, of }) => `${DOMAINS[domain].title.padEnd(44)} ${passed} of ${of}`,
  );
  return [...reviewed, "", ...domains, pc.bold(`${found.percent} of 100`)].join("\n");
}

async function finish(lab: PracticeLab, exam: Exam, json: boolean): Promise<void> {
  const found = score(itemsOf(exam));
  const names = await namesOf(lab.description.nodes);
  const solution = (name: string) =>
    exerciseNamed(name).solution.map(
      ({ on, type }) => `${on === "here" ? "" : names[on]}$ ${filled(type, names)}`,
    );
  const { seed, minutes, startedAt } = exam;
  const items = exam.items.map(({ exercise, passed }) => ({ exercise, passed }));
  await recordExam({ ...found, ...{ seed, minutes, startedAt, endedAt: Date.now(), items } });
  await endExam(lab.stack);
  if (json) console.log(JSON.stringify({ ...found, seed: exam.seed, items: exam.items }));
  else console.log(drawReview(exam, found, solution));
}

/** `npm run exam`: begins one, goes on with the one that is under way, hands in an exercise (`next`), or ends it (`end`). */
export async function exam(
  { stack, json }: { stack: string; json: boolean },
  [action]: readonly string[],
  options: ExamOptions,
): Promise<void> {
  if (action !== undefined && action !== "next" && action !== "end")
    throw new UserError(`exam: got ${JSON.stringify(action)}, need next, end, or nothing`);
  await enterForLooking(stack);
  const lab = await practiceLab(stack);
  const known = await readExam(stack);
  if (known === undefined && action !== undefined)
    throw new UserError("exam: none is under way; begin one with `npm run exam -- --minutes 45`");
  let now = known ?? (await create(lab, options));
  if (known !== undefined && (options.minutes ?? options.seed) !== undefined)
    report("exam: one is under way, and goes on as it was begun");
  if (action !== undefined) now = await handIn(lab, now);
  const task = action === "end" ? undefined : await ask(lab, now);
  if (task === undefined) return finish(lab, await handIn(lab, now), json);
  const left = secondsLeft(now);
  const at = now.items.find(({ passed }) => passed === null)?.exercise;
  console.log(
    json ? JSON.stringify({ exercise: at, of: now.items.length, secondsLeft: left }) : task,
  );
}
