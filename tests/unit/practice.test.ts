import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import { EXERCISES, exerciseNamed } from "../../components/practice/catalogue/index.ts";
import { DOMAINS } from "../../components/practice/domains.ts";
import type { Exercise } from "../../components/practice/exercise.ts";
import { PLACES } from "../../components/practice/exercise.ts";
import { digest, filled, grade, type Names } from "../../components/practice/grade.ts";
import { objectivesTable } from "../../components/practice/objective-table.ts";
import { OBJECTIVES } from "../../components/practice/objectives.ts";
import { exercisesTable } from "../../components/practice/table.ts";
import { drawn } from "../../scripts/cli/practice.ts";
import { better } from "../../scripts/practice/session-file.ts";

const NAMES: Names = {
  ...{ leader: "m2", follower: "m1", "follower-2": "m3", "worker-1": "w1", "worker-2": "w2" },
  image: "registry.internal:5000/app",
};

const README = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");

const all = (exercise: Exercise) => [
  ...(exercise.setUp ?? []),
  ...Object.values(exercise.remember ?? {}),
  ...exercise.solution,
  ...exercise.wrong.flatMap(({ commands }) => commands),
  ...(exercise.cleanUp ?? []),
  ...exercise.checks.map(({ on, ask }) => ({ on, type: ask })),
];

describe.each(EXERCISES.map((one) => [one.name, one] as const))("exercise %s", (name, exercise) => {
  test("says what it is about, and has hints, checks and a solution", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(Object.keys(DOMAINS)).toContain(exercise.domain);
    expect(exercise.hints.length).toBeGreaterThanOrEqual(2);
    expect(exercise.checks.length).toBeGreaterThanOrEqual(1);
    expect(exercise.solution.length).toBeGreaterThanOrEqual(1);
    for (const { says, why } of exercise.checks) expect([says, why].join()).not.toBe("");
  });

  test("has a wrong answer that a check of its own refuses", () => {
    expect(exercise.wrong.length).toBeGreaterThanOrEqual(1);
    const says = exercise.checks.map((check) => check.says);
    for (const { refusedBy } of exercise.wrong) expect(says).toContain(refusedBy);
  });

  test("names no node and no image of one lab, and no word in braces that stands for nothing", () => {
    const texts = [
      ...[exercise.task, exercise.symptom ?? "", ...exercise.hints],
      ...exercise.checks.flatMap((check) => [check.says, check.expected, check.why]),
      ...all(exercise).map(({ type }) => type),
    ];
    for (const text of texts) {
      expect(text).not.toMatch(/\b[mw][1-9]\b|registry\.internal/);
      expect(filled(text, NAMES)).not.toMatch(/(?<![{$])\{[a-z0-9-]+\}(?!\})/);
    }
    for (const { on } of all(exercise)) expect(PLACES).toContain(on);
  });

  test("refuses an end state in which every question fails", () => {
    const nothing = exercise.checks.map(() => ({ code: 1, text: "no such thing" }));
    expect(grade(exercise, nothing).checks.map(({ ok }) => ok)).not.toContain(true);
  });
});

test("the README lists them all", () => {
  expect(README).toContain(
    `<!-- exercises:begin -->\n\n${exercisesTable(EXERCISES)}\n\n<!-- exercises:end -->`,
  );
  for (const { name } of EXERCISES) expect(exercisesTable(EXERCISES)).toContain(`\`${name}\``);
});

describe("the map of the exam's objectives", () => {
  test("names exercises and drills that there are, for each objective", () => {
    const exercises = EXERCISES.map(({ name }) => name);
    const drills = DRILLS.map(({ name }) => name);
    for (const { says, outside, ...shown } of OBJECTIVES) {
      const count = shown.exercises.length + shown.drills.length;
      expect({ says, shown: count > 0 }).toEqual({ says, shown: outside === undefined });
      for (const name of shown.exercises) expect(exercises).toContain(name);
      for (const name of shown.drills) expect(drills).toContain(name);
    }
  });

  test("leaves out no exercise, and no domain", () => {
    const mapped = OBJECTIVES.flatMap(({ exercises }) => exercises);
    for (const { name } of EXERCISES) expect(mapped).toContain(name);
    expect(new Set(OBJECTIVES.map(({ domain }) => domain))).toEqual(new Set(Object.keys(DOMAINS)));
  });

  test("leaves out no drill", () => {
    const mapped = OBJECTIVES.flatMap(({ drills }) => drills);
    for (const { name } of DRILLS) expect(mapped).toContain(name);
  });

  test("stands in the README", () => {
    expect(README).toContain(
      `<!-- objectives:begin -->\n\n${objectivesTable(OBJECTIVES)}\n\n<!-- objectives:end -->`,
    );
  });
});

test("no two exercises have one name, and one that is none is told all of them", () => {
  const names = EXERCISES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(() => exerciseNamed("drain")).toThrow(
    /^practice: got exercise "drain", need one of replicated-service, /,
  );
  expect(exerciseNamed("drain-node").name).toBe("drain-node");
});

describe("an end state", () => {
  const exercise: Pick<Exercise, "name" | "checks"> = {
    name: "x",
    checks: [
      {
        ...{ says: "it is three", on: "leader", ask: "echo 3", expected: "3", why: "It was two." },
        holds: (text) => text === "3",
      },
      {
        ...{ says: "it is the old one", on: "leader", ask: "id", expected: "the old", why: "New." },
        holds: (text, { before }) => digest(text) === before,
      },
    ],
  };
  const said = (...texts: string[]) => texts.map((text) => ({ code: 0, text }));

  test("passes when every check holds, and then says no why", () => {
    const found = grade(exercise, said("3", "a"), { before: digest("a") });
    expect(found).toMatchObject({ exercise: "x", passed: true });
    expect(found.checks.map(({ why }) => why)).toEqual(["", ""]);
  });

  test("fails with what was expected, what was seen, and why that is wrong", () => {
    const found = grade(exercise, said("2", "a"), { before: digest("a") });
    expect(found.passed).toBe(false);
    expect(found.checks[0]).toEqual({
      ...{ name: "it is three", expected: "3", seen: "2", ok: false, why: "It was two." },
    });
  });

  test("never passes for want of an answer, or of a question", () => {
    expect(grade(exercise, said("3")).checks[1]).toMatchObject({
      ok: false,
      seen: "was not asked",
    });
    expect(grade(exercise, [{ code: 1, text: "3" }, ...said("a")]).checks[0]?.ok).toBe(false);
    expect(grade({ name: "x", checks: [] }, []).passed).toBe(false);
    expect(grade(exercise, said("", ""), {}).checks[0]?.seen).toBe("nothing");
  });
});

test("words in braces become names; templates and shell stay", () => {
  expect(filled("drain {worker-2} of {image}:1", NAMES)).toBe(
    "drain w2 of registry.internal:5000/app:1",
  );
  for (const text of ["{{.Node.Hostname}}", "awk '{ print $1 }'", "${leader}", "{other}"])
    expect(filled(text, NAMES)).toBe(text === "${leader}" ? "$m2" : text);
});

describe("what is kept of a person's work", () => {
  const one = (seconds: number, solved: boolean) => ({ at: 0, seconds, hints: 0, solved });
  test.each([
    ["the first", one(9, true), undefined, true],
    ["one done alone, after one that was shown", one(99, false), one(9, true), true],
    ["none that was shown, after one done alone", one(9, true), one(99, false), false],
    ["the faster of two", one(8, false), one(9, false), true],
    ["not the slower", one(10, false), one(9, false), false],
  ])("%s", (_, now, before, kept) => {
    expect(better(now, before)).toBe(kept);
  });
});

test("what is drawn is the same for the same seed, and not the same for all seeds", () => {
  const faults = EXERCISES.filter(({ symptom }) => symptom !== undefined);
  expect(faults.length).toBeGreaterThanOrEqual(3);
  expect(drawn(faults, "7")).toBe(drawn(faults, "7"));
  const many = Array.from({ length: 40 }, (_, seed) => drawn(faults, `${seed}`).name);
  expect(new Set(many).size).toBe(faults.length);
  expect(() => drawn([], "7")).toThrow("this lab can hold no fault");
});
