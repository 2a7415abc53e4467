import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { SuiteTime } from "../e2e/support/suite-time.ts";
import { TestLab } from "../e2e/support/test-lab.ts";

/** These break nothing that would have to be recovered. */
const NOTHING = ["backup", "engine-upgrade"];

/** Minutes beside the drill's own in which waiting for what nobody does ends, and the lab is mended or made anew. */
const MENDING = 2.5;

const time = new SuiteTime();

/** A drill whose recovery is left out must fail: one that passes all the same would prove nothing. */
describe("without its recovery", () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = new TestLab();
    await lab.must("up");
  });
  afterAll(async () => {
    time.tell("unrecovered");
    await lab[Symbol.asyncDispose]();
  });

  const drills = DRILLS.filter(({ name }) => !NOTHING.includes(name));
  test.for(time.inTurn(drills))("$name fails", async ({ name, minutes }, { skip }) => {
    const missing = time.missing(name, minutes + MENDING);
    if (missing !== undefined) skip(missing);
    const ran = await lab.lab("drill", [name, "--without-recovery", "--json"]);
    const { verdict, reason } = JSON.parse(ran.stdout || "{}") as Verdict;
    if (verdict === "unavailable") skip(reason);
    expect({ verdict, code: ran.code }, `${reason}\n${ran.stderr.slice(-3000)}`).toEqual({
      ...{ verdict: "failed", code: 0 },
    });
    // It must miss what was not recovered, and not stumble over what was not done.
    expect(reason).not.toMatch(/undefined|is not a function|JSON/);
    const status = await lab.must("status");
    expect(status.stdout.split("\n")[0]).toMatch(/whole/);
  });
});
