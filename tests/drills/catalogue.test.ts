import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { TestLab } from "../e2e/support/test-lab.ts";

/** Every drill on one lab, one after the other: each finds it whole and leaves it whole. */
describe("every drill", () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = new TestLab();
    await lab.must("up");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test.each(DRILLS.map(({ name }) => name))("%s passes and leaves the lab whole", async (name) => {
    const ran = await lab.lab("drill", [name, "--json"]);
    const verdict = JSON.parse(ran.stdout || "{}") as Verdict;
    const wrong = verdict.checks?.filter(({ ok }) => !ok);
    const said = { verdict: verdict.verdict, reason: verdict.reason, wrong };
    // What no lab on this machine can stage says so and why; it passes where it can be staged.
    const wanted =
      verdict.verdict === "unavailable"
        ? { reason: expect.stringMatching(/kernel|clock/), wrong: [] }
        : { verdict: "passed", wrong: [] };
    expect(said, ran.stderr.slice(-3000)).toMatchObject(wanted);
    const status = await lab.must("status");
    expect(status.stdout).toContain(`lab ${lab.stack} on local: `);
    expect(status.stdout.split("\n")[0]).toMatch(/whole/);
    const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect(preview.code, preview.stdout).toBe(0);
  });
});
