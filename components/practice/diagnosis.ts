import { UserError } from "../errors.ts";
import type { Exercise } from "./exercise.ts";
import type { Grade, Graded } from "./grade.ts";

/** What may be broken, as a choice: the letter that stands for it, and half a sentence. */
export interface Cause {
  readonly letter: string;
  readonly says: string;
}

/** The causes of all faults, in an order that tells nothing of which was drawn. Pure. */
export function causesOf(exercises: readonly Pick<Exercise, "cause">[]): readonly Cause[] {
  return exercises
    .flatMap(({ cause }) => (cause === undefined ? [] : [cause]))
    .sort((a, b) => a.localeCompare(b))
    .map((says, at) => ({ letter: String.fromCharCode("a".charCodeAt(0) + at), says }));
}

/** The cause of a letter. Throws a UserError that names the letters there are. Pure. */
export function chosenCause(letter: string, causes: readonly Cause[]): Cause {
  const found = causes.find((one) => one.letter === letter.toLowerCase());
  if (found !== undefined) return found;
  const letters = causes.map((one) => one.letter).join(", ");
  throw new UserError(
    `practice check --cause: got ${JSON.stringify(letter)}, need one of ${letters}`,
  );
}

const NAMED = "the cause is named";

function named(exercise: Pick<Exercise, "cause">, chosen: Cause | undefined): Graded {
  const expected = "what is broken";
  if (chosen === undefined)
    return {
      ...{ name: NAMED, expected, seen: "no answer", ok: false },
      why: "A repair without a diagnosis may come undone: `check --cause LETTER` names it.",
    };
  const ok = chosen.says === exercise.cause;
  const why = ok ? "" : "Its symptom would be another: look again before you choose.";
  return { name: NAMED, expected, seen: chosen.says, ok, why };
}

/**
 * The grade of a fault that was drawn at random: the diagnosis first, then the repair. Until the cause is named, what the
 * repair's checks are would give it away, and only how many hold is told. Pure.
 */
export function withDiagnosis(
  grade: Grade,
  exercise: Pick<Exercise, "cause">,
  chosen: Cause | undefined,
): Grade {
  const diagnosis = named(exercise, chosen);
  const holding = grade.checks.filter(({ ok }) => ok).length;
  const repair: Graded = {
    ...{ name: "it is repaired", expected: "every check holds" },
    seen: `${holding} of ${grade.checks.length} hold`,
    ok: grade.passed,
    why: grade.passed ? "" : "Each is told once the cause is named.",
  };
  return {
    exercise: diagnosis.ok ? grade.exercise : "",
    passed: grade.passed && diagnosis.ok,
    checks: [diagnosis, ...(diagnosis.ok ? grade.checks : [repair])],
  };
}
