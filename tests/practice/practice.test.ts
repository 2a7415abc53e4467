import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXERCISES } from "../../components/practice/catalogue/index.ts";
import type { Cause } from "../../components/practice/diagnosis.ts";
import type { Grade } from "../../components/practice/grade.ts";
import { SuiteTime } from "../e2e/support/suite-time.ts";
import { TestLab } from "../e2e/support/test-lab.ts";
import { graded } from "./support/graded.ts";
import { Person } from "./support/person.ts";

/** Minutes that an exercise takes with its wrong answers, and the exams. */
const MINUTES = { exercise: 1, exams: 6 };

/** The shortest exam of three exercises. */
const SHORT = ["--minutes", "9", "--seed", "3"];

const time = new SuiteTime();
let lab: TestLab;
let person: Person;
beforeAll(async () => {
  lab = new TestLab();
  person = new Person(lab);
  await lab.must("up");
});
afterAll(async () => {
  time.tell("practice");
  await lab[Symbol.asyncDispose]();
});

/** Whether a test did not come to its end. */
let unfinished = false;

/** What a failed test left must not spoil the next. */
async function nothingUnderWay(): Promise<void> {
  if (!unfinished) return;
  await lab.lab("exam", ["end"]);
  await lab.lab("practice", ["reset"]);
}

// Left out, and told of, only where the suite's time is too short for them; without a limit they always run.
const missing = time.missing("the exams", MINUTES.exams);

describe("an exam", () => {
  const json = async (args: readonly string[]) =>
    JSON.parse((await lab.must("exam", [...args, "--json"])).stdout);
  test.skipIf(missing)("in which every solution is typed has a score of 100", async () => {
    unfinished = true;
    let told = await json(SHORT);
    expect(told.of).toBeGreaterThanOrEqual(3);
    // It may be left and gone on with, and gives nothing away.
    expect(await json([])).toMatchObject({ exercise: told.exercise, of: told.of });
    for (const action of ["check", "hint", "solve", "reset"]) {
      const refused = await lab.lab("practice", [action]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/got an exercise of an exam/);
    }
    for (let left = told.of; left > 0; left--) {
      expect(told).toHaveProperty("exercise");
      await person.typeSolution();
      told = await json(["next"]);
    }
    expect(told).toMatchObject({ percent: 100, seed: "3" });
    const { practice, topology } = JSON.parse((await lab.must("report", ["--json"])).stdout);
    expect(practice.exams).toMatchObject([{ percent: 100, seed: "3", domains: told.domains }]);
    expect(topology.seen.state).toBe("whole");
    unfinished = false;
  });

  test.skipIf(missing)("in which nothing is typed has a score of 0", async () => {
    await nothingUnderWay();
    unfinished = true;
    let told = await json(SHORT);
    for (let left = told.of; left > 0; left--) told = await json(["next"]);
    expect(told.percent).toBe(0);
    expect(told.items.every(({ passed }: { passed: boolean }) => passed === false)).toBe(true);
    expect((await lab.must("status")).stdout.split("\n")[0]).toMatch(/whole/);
    unfinished = false;
  });

  test.skipIf(missing)(
    "that is ended early says what was not reached, and how it is done",
    async () => {
      await nothingUnderWay();
      unfinished = true;
      await lab.must("exam", SHORT);
      const { stdout } = await lab.must("exam", ["end"]);
      expect(stdout).toMatch(/not reached/);
      expect(stdout).toMatch(/\$ docker /);
      // In colour the score has no word's edge before it.
      const last = stripVTControlCharacters(stdout).trimEnd().split("\n").at(-1);
      expect(last).toBe("0 of 100");
      expect((await lab.lab("exam", ["next"])).stderr).toMatch(/none is under way/);
    },
  );
});

test.skipIf(missing)(
  "a fault that is drawn is graded for its diagnosis and its repair",
  async () => {
    await nothingUnderWay();
    unfinished = true;
    const drawn = await lab.must("practice", ["start", "--random", "--seed", "7", "--json"]);
    const told = JSON.parse(drawn.stdout) as { symptom: string; causes: Cause[] };
    const { name, cause } = person.exercise;
    expect(drawn.stdout).not.toContain(name);
    const right = told.causes.find(({ says }) => says === cause)?.letter ?? "";
    const wrong = told.causes.find(({ says }) => says !== cause)?.letter ?? "";
    const check = async (letter: string) => {
      const ran = await lab.lab("practice", ["check", "--cause", letter, "--json"]);
      return { code: ran.code, ...(JSON.parse(ran.stdout) as Grade) };
    };
    expect(await check(right)).toMatchObject({ code: 1, passed: false });
    await person.typeSolution();
    expect(await check(wrong)).toMatchObject({ code: 1, passed: false, exercise: "" });
    expect(await check(right)).toMatchObject({ code: 0, passed: true, exercise: name });
    await lab.must("practice", ["reset"]);
    unfinished = false;
  },
);

/** Every exercise on the same lab: before, wrong, right, and the lab as it was. */
describe("every exercise", () => {
  /** The world that the one before left as it was. */
  let known: string | undefined;
  /** Why the lab cannot hold an exercise, by its name. */
  const lacking = new Map<string, string>();
  beforeAll(async () => {
    const all = JSON.parse((await lab.must("practice", ["--list", "--json"])).stdout);
    for (const { name, reason } of all) if (reason) lacking.set(name, reason);
  });

  test.for(time.inTurn(EXERCISES))(
    "$name: refused before, refused when wrong, passed when solved",
    async (exercise, { skip }) => {
      const { name } = exercise;
      const missing = time.missing(name, MINUTES.exercise);
      if (missing !== undefined) skip(missing);
      const lacks = lacking.get(name);
      if (lacks !== undefined) {
        // What this machine's kernel has not is done where it has.
        expect(lacks).toMatch(/kernel/);
        skip(lacks);
      }
      await nothingUnderWay();
      unfinished = true;
      const world = known;
      known = undefined;
      known = await graded(exercise, { lab, person, known: world });
      unfinished = false;
    },
  );

  test("after all of them the lab is whole, and Pulumi proposes nothing", async () => {
    expect((await lab.must("status")).stdout.split("\n")[0]).toMatch(/whole/);
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });
});
