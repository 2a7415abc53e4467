import { createHash } from "node:crypto";
import type { Check } from "../drills/verdict.ts";
import type { Answer, Exercise, Place } from "./exercise.ts";

/** A check of an exercise as it came out; `why` is empty when it holds. */
export interface Graded extends Check {
  readonly why: string;
}

export interface Grade {
  readonly exercise: string;
  readonly passed: boolean;
  readonly checks: readonly Graded[];
}

/** Names that stand for the words in braces. */
export type Names = Readonly<Record<Exclude<Place, "here"> | "image", string>>;

/** A text with the names of this lab's nodes in it. Braces around anything else stay. */
export const filled = (text: string, names: Names): string =>
  text.replaceAll(/(?<!\{)\{([a-z0-9-]+)\}(?!\})/g, (whole, word: string) =>
    word in names ? names[word as keyof Names] : whole,
  );

/** The texts of an exercise with the names of this lab's nodes in them. */
export const named = (exercise: Exercise, names: Names): Exercise => ({
  ...exercise,
  task: filled(exercise.task, names),
  ...(exercise.symptom === undefined ? {} : { symptom: filled(exercise.symptom, names) }),
  hints: exercise.hints.map((hint) => filled(hint, names)),
  checks: exercise.checks.map((check) => ({
    ...check,
    says: filled(check.says, names),
    expected: filled(check.expected, names),
    why: filled(check.why, names),
  })),
});

/** How an answer is kept that may be secret. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

const MOST = 300;

/**
 * Grades the end state from nothing but what was answered, in the order of the checks. A question that failed is a check that
 * does not hold: nothing passes for want of an answer.
 */
export function grade(
  exercise: Pick<Exercise, "name" | "checks">,
  answers: readonly Answer[],
  remembered: Readonly<Record<string, string>> = {},
): Grade {
  const checks = exercise.checks.map(({ says, expected, holds, why }, at): Graded => {
    const answer = answers[at] ?? { code: 1, text: "was not asked" };
    const ok = answer.code === 0 && holds(answer.text, remembered);
    const seen = answer.text === "" ? "nothing" : answer.text.slice(0, MOST);
    return { name: says, expected, seen, ok, why: ok ? "" : why };
  });
  return {
    exercise: exercise.name,
    passed: checks.length > 0 && checks.every(({ ok }) => ok),
    checks,
  };
}
