import { need } from "../../components/drills/drill.ts";
import { UserError } from "../../components/errors.ts";
import { EXERCISES, exerciseNamed } from "../../components/practice/catalogue/index.ts";
import { causesOf } from "../../components/practice/diagnosis.ts";
import type { Exercise } from "../../components/practice/exercise.ts";
import { digest, named } from "../../components/practice/grade.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { groundOf } from "../drills/ground.ts";
import { checkOwn } from "../practice/grading.ts";
import { begin, hint, solve } from "../practice/session.ts";
import { readDone } from "../practice/session-file.ts";
import { refuseInExam, reset } from "../practice/take-back.ts";
import type { PracticeLab } from "../practice/under-way.ts";
import { describedIn, describeLab } from "./describe.ts";
import { drawGrade, drawList, drawTask, drawTyped, listed } from "./practice-view.ts";
import { recordedMembers } from "./recorded-members.ts";
import { report, timed } from "./report.ts";
import { readState } from "./state.ts";
import { enterForLooking } from "./status.ts";

export interface PracticeOptions {
  readonly list?: boolean;
  readonly random?: boolean;
  readonly seed?: string;
  readonly cause?: string;
}

const ACTIONS = ["start", "check", "hint", "solve", "reset"] as const;

/** Why a lab cannot hold an exercise: all of them need two workers and the application. */
export function reasonAgainst(exercise: Exercise, description: LabDescription | undefined) {
  if (description === undefined) return "the lab is down";
  const ground = groundOf(description);
  return need.all(
    need.managers(ground, 3),
    need.workers(ground, 2),
    need.app(ground),
    need.expendable(ground),
    exercise.needs?.(ground),
  );
}

/** One of those that may be drawn, the same for the same seed. Pure. */
export function drawn(candidates: readonly Exercise[], seed: string): Exercise {
  const found = candidates[Number.parseInt(digest(seed).slice(0, 8), 16) % candidates.length];
  if (found === undefined) throw new UserError("practice: this lab can hold no fault to look for");
  return found;
}

/** The lab that stands. Throws a UserError when it is down. */
export async function practiceLab(stack: string): Promise<PracticeLab> {
  // The state has the description as well, and a backend of the user's own is asked once.
  const state = await readState(stack);
  const description = describedIn(state) ?? (await describeLab(stack));
  if (description === undefined)
    throw new UserError("practice: the lab is down; `npm run up` stands it up");
  return { stack, description, members: recordedMembers(state), say: report };
}

async function list({ stack, json }: { stack: string; json: boolean }): Promise<void> {
  const [description, done] = await Promise.all([describeLab(stack), readDone()]);
  const all = EXERCISES.map((one) => listed(one, reasonAgainst(one, description), done));
  console.log(json ? JSON.stringify(all) : drawList(all, done));
}

async function start(
  lab: PracticeLab,
  name: string | undefined,
  { random = false, seed = String(Date.now()) }: PracticeOptions,
  json: boolean,
): Promise<void> {
  if (random === (name !== undefined))
    throw new UserError("practice start: need the name of an exercise, or --random without one");
  const possible = EXERCISES.filter(
    (one) => one.symptom !== undefined && reasonAgainst(one, lab.description) === undefined,
  );
  const exercise = random ? drawn(possible, seed) : exerciseNamed(name ?? "");
  const reason = reasonAgainst(exercise, lab.description);
  if (reason !== undefined)
    throw new UserError(`practice: exercise ${exercise.name}: not on this lab: ${reason}`);
  const { names } = await timed("preparing the exercise", () =>
    begin(lab, exercise, { hidden: random }),
  );
  const told = named(exercise, names);
  const flag = ` --stack ${lab.stack}`;
  const causes = random ? causesOf(EXERCISES) : [];
  if (!json) return console.log(drawTask(told, names, { causes, flag }));
  const { topic, domain, minutes, task, symptom } = told;
  const open = { exercise: exercise.name, topic, domain, minutes, task };
  console.log(JSON.stringify({ ...(random ? { symptom, causes } : open), names }));
}

/** `npm run practice`. Returns the exit code: 1 when a check does not hold. */
export async function practice(
  { stack, json }: { stack: string; json: boolean },
  [action, name]: readonly string[],
  options: PracticeOptions,
): Promise<number> {
  if (action !== undefined && !ACTIONS.some((one) => one === action))
    throw new UserError(
      `practice: got ${JSON.stringify(action)}, need one of ${ACTIONS.join(", ")}, or --list`,
    );
  if (action !== "start" && name !== undefined)
    throw new UserError(`practice ${action}: got ${JSON.stringify(name)}, need no more words`);
  if (options.cause !== undefined && action !== "check")
    throw new UserError(
      "practice --cause: need it with check alone: `practice -- check --cause b`",
    );
  await enterForLooking(stack);
  if (options.list || action === undefined) {
    await list({ stack, json });
    return 0;
  }
  const lab = await practiceLab(stack);
  if (action === "start") await start(lab, name, options, json);
  if (action === "hint") {
    const told = await hint(lab);
    console.log(json ? JSON.stringify(told) : told.hints.map((one) => `- ${one}`).join("\n"));
  }
  if (action === "solve") {
    const typed = await solve(lab, (step) => json || console.log(drawTyped(step)));
    if (json) console.log(JSON.stringify(typed));
  }
  if (action === "reset") {
    await refuseInExam(stack);
    await timed("the lab as it was", () => reset(lab));
    if (json) console.log(JSON.stringify({ reset: true }));
  }
  if (action !== "check") return 0;
  const found = await checkOwn(lab, options.cause);
  console.log(json ? JSON.stringify(found) : drawGrade(found));
  return found.passed ? 0 : 1;
}
