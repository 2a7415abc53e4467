import { describe, expect, test } from "vitest";
import { EXERCISES } from "../../components/practice/catalogue/index.ts";
import { causesOf, chosenCause, withDiagnosis } from "../../components/practice/diagnosis.ts";
import type { Grade } from "../../components/practice/grade.ts";

const faults = EXERCISES.filter(({ symptom }) => symptom !== undefined);
const causes = causesOf(EXERCISES);

test("every fault that may be drawn has a cause of its own, and nothing else has one", () => {
  expect(EXERCISES.filter(({ cause }) => cause !== undefined)).toEqual(faults);
  expect(causes).toHaveLength(faults.length);
  expect(new Set(causes.map(({ says }) => says)).size).toBe(faults.length);
  expect(causes.map(({ letter }) => letter).join("")).toBe("abcdefghij".slice(0, faults.length));
});

test("the order of the choices tells nothing of the order of the exercises", () => {
  expect(causesOf([...EXERCISES].reverse())).toEqual(causes);
});

test("a letter stands for a cause, and any other is refused with those there are", () => {
  expect(chosenCause("B", causes)).toEqual(causes[1]);
  expect(() => chosenCause("z", causes)).toThrow(
    /^practice check --cause: got "z", need one of a, b, /,
  );
});

describe("the grade of a fault that was drawn", () => {
  const [first, second] = causes;
  const exercise = { cause: first?.says ?? "" };
  const check = (ok: boolean) => ({
    ...{ name: "w2 takes tasks", expected: "active", seen: "drain", ok },
    why: ok ? "" : "Drained.",
  });
  const repair = (...holds: boolean[]): Grade => ({
    exercise: "its-name",
    passed: holds.every(Boolean),
    checks: holds.map(check),
  });

  test("passes with the repair and the cause", () => {
    const found = withDiagnosis(repair(true, true), exercise, first);
    expect(found).toMatchObject({ exercise: "its-name", passed: true });
    expect(found.checks.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  test.each([
    ["no cause", undefined, "no answer"],
    ["another cause", second, second?.says],
  ])("fails with %s, and gives nothing away", (_, chosen, seen) => {
    const found = withDiagnosis(repair(true, true), exercise, chosen);
    expect(found).toMatchObject({ exercise: "", passed: false });
    expect(found.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ["the cause is named", false],
      ["it is repaired", true],
    ]);
    expect(found.checks[0]).toMatchObject({ seen, expected: "what is broken" });
    expect(found.checks[0]?.why).toMatch(/\.$/);
    for (const telling of ["its-name", "takes tasks"])
      expect(JSON.stringify(found.checks.slice(1)) + found.exercise).not.toContain(telling);
  });

  test("counts the checks of a repair that is not done, and tells them to who knows the cause", () => {
    const hidden = withDiagnosis(repair(true, false), exercise, second);
    expect(hidden.checks[1]).toMatchObject({ seen: "1 of 2 hold", ok: false });
    const open = withDiagnosis(repair(true, false), exercise, first);
    expect(open).toMatchObject({ exercise: "its-name", passed: false });
    expect(open.checks.at(-1)).toMatchObject({ seen: "drain", why: "Drained." });
  });
});
