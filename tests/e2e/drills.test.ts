import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../components/drills/verdict.ts";
import { ROOT, TestLab } from "./support/test-lab.ts";

/** The two drills that stand for all: a backup nobody notices, and everything lost and restored. */
describe("on one lab", () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = new TestLab();
    await lab.must("up");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const reports = () => {
    const folder = join(ROOT, "reports", lab.stack);
    return readdirSync(folder).flatMap((swarm) =>
      readdirSync(join(folder, swarm)).map((run) => join(folder, swarm, run)),
    );
  };

  test.each(["backup", "restore-cluster"])(
    "the drill %s passes, and loses nothing",
    async (name) => {
      const ran = await lab.lab("drill", [name, "--json", "--run-id", `one-${name}`]);
      const verdict = JSON.parse(ran.stdout) as Verdict;
      const wrong = verdict.checks.filter(({ ok }) => !ok);
      expect({ verdict: verdict.verdict, wrong }, verdict.reason).toEqual({
        ...{ verdict: "passed", wrong: [] },
      });
      expect(ran.code).toBe(0);
      expect(verdict.rpo.lost).toBe(0);
      expect(verdict.rpo.acknowledged).toBeGreaterThan(100);
      const status = JSON.parse((await lab.must("status", ["--json"])).stdout);
      expect(status.swarm).toMatchObject({ managers: 3, quorum: 2, tolerates: 1 });
      const preview = await lab.pulumi(["preview", "--expect-no-changes", "--diff"]);
      expect(preview.code, preview.stdout).toBe(0);
    },
  );

  test("a plain up runs no drill again, and the verdicts are in the stack's outputs", async () => {
    const before = reports().map((run) => statSync(join(run, "progress.log")).mtimeMs);
    expect(before).toHaveLength(2);
    await lab.must("up");
    expect(reports().map((run) => statSync(join(run, "progress.log")).mtimeMs)).toEqual(before);
    const outputs = await lab.pulumi(["stack", "output", "drills", "--json"]);
    expect(JSON.parse(outputs.stdout)).toMatchObject({
      backup: { verdict: "passed", runId: "one-backup" },
      "restore-cluster": { verdict: "passed", runId: "one-restore-cluster" },
    });
  });

  test("the evidence is kept, and holds no secret", async () => {
    const keys = await lab.pulumi(["stack", "output", "keys", "--json", "--show-secrets"]);
    const secrets = Object.values(JSON.parse(keys.stdout) as Record<string, string>).filter(
      (text) => text.length > 8 && !text.includes("CERTIFICATE"),
    );
    expect(secrets.length).toBeGreaterThanOrEqual(2);
    for (const run of reports()) {
      for (const file of ["evidence.json", "verdict.json", "report.md", "history.jsonl"]) {
        const text = readFileSync(join(run, file), "utf8");
        expect(text.length).toBeGreaterThan(100);
        for (const secret of secrets) expect(text.includes(secret), `${run}/${file}`).toBe(false);
      }
    }
  });
});
