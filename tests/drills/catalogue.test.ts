import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import { inOrder } from "../../scripts/cli/drill-all.ts";
import { type RegistryAccount, runApart } from "../../scripts/drills/apart.ts";
import { reportsFolder } from "../../stacks/operations-folder.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { SuiteTime } from "../e2e/support/suite-time.ts";
import { ROOT, TestLab } from "../e2e/support/test-lab.ts";

interface Outputs {
  readonly lab: LabDescription;
  readonly clusterId: string;
  readonly registryLogin: RegistryAccount;
}

const time = new SuiteTime();

/** Every drill on one lab, one after the other: each finds it whole and leaves it whole. */
describe("every drill", () => {
  let lab: TestLab;
  let outputs: Outputs;
  beforeAll(async () => {
    lab = new TestLab();
    await lab.must("up");
    const told = await lab.pulumi(["stack", "output", "--json", "--show-secrets"]);
    outputs = JSON.parse(told.stdout) as Outputs;
  });
  afterAll(async () => {
    time.tell("drills");
    await lab[Symbol.asyncDispose]();
  });

  test.for(time.inTurn(inOrder(DRILLS)))(
    "$name passes and leaves the lab whole",
    async ({ name, minutes }, { skip }) => {
      const missing = time.missing(name, minutes);
      if (missing !== undefined) skip(missing);
      const { lab: description, clusterId, registryLogin } = outputs;
      const reports = reportsFolder(ROOT, lab.stack, clusterId);
      const verdict = await runApart({ name, runId: "suite", description, reports }, registryLogin);
      const wrong = verdict.checks.filter(({ ok }) => !ok);
      const said = { verdict: verdict.verdict, reason: verdict.reason, wrong };
      // What no lab on this machine can stage says so and why; it passes where it can be staged.
      const wanted =
        verdict.verdict === "unavailable"
          ? { reason: expect.stringMatching(/kernel|clock/), wrong: [] }
          : { verdict: "passed", wrong: [] };
      const whole = /^lab \S+ on local: whole/;
      const status = stripVTControlCharacters((await lab.must("status")).stdout);
      // The next drill has to find a lab, also after one that failed.
      if (verdict.verdict === "failed" || !whole.test(status)) await lab.must("up");
      expect(said).toMatchObject(wanted);
      expect(status).toMatch(whole);
    },
  );

  test("after all of them Pulumi proposes nothing", async () => {
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });
});
