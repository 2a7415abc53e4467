import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNDO_LABEL } from "../../components/drills/undo.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { SuiteTime } from "../e2e/support/suite-time.ts";
import { ROOT, TestLab } from "../e2e/support/test-lab.ts";
import { killDrill } from "./kill-drill.ts";

/** Three drills that leave different things behind: a cut network, managers that are off, roles and labels. */
const DRILLS = ["partition", "quorum-loss", "promote-demote"];
const PHASES = ["plant", "break", "prove", "recover", "verify", "restore-lab"];

/** Files in the folders of one run, under whichever swarm of the lab. */
function evidenceOf(lab: TestLab, runId: string): string[] {
  const reports = join(ROOT, "reports", lab.stack);
  if (!existsSync(reports)) return [];
  return readdirSync(reports, { recursive: true })
    .map(String)
    .filter((name) => name.includes(`/${runId}-`));
}

/** Minutes that a drill takes to its last phase, and the lab to be mended. */
const KILLED = 2.5;

const time = new SuiteTime();

describe("a drill that is killed", () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = new TestLab();
    await lab.must("up");
  });
  afterAll(async () => {
    time.tell("killed");
    await lab[Symbol.asyncDispose]();
  });

  for (const drill of time.inTurn(DRILLS)) {
    test.for(PHASES)(`${drill} at %s: \`up\` makes the lab whole`, async (phase, { skip }) => {
      const missing = time.missing(`${drill} at ${phase}`, KILLED);
      if (missing !== undefined) skip(missing);
      const runId = `kill-${phase}`;
      await killDrill(lab, drill, runId, phase);
      expect(evidenceOf(lab, runId)).toContainEqual(expect.stringMatching(/progress\.log$/));
      await lab.must("up");
      const status = await lab.must("status");
      expect(status.stdout.split("\n")[0]).toMatch(/whole/);
      const listed = await lab.on(
        "m1",
        "docker service ls --format '{{.Name}}'; docker config ls -q",
      );
      expect(listed).not.toContain("drill-");
      const roles = await lab.on(
        "m1",
        "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}'",
      );
      expect(
        roles
          .replaceAll(/ (Leader|Reachable)$/gm, " manager")
          .split("\n")
          .sort(),
      ).toEqual(["m1 manager", "m2 manager", "m3 manager", "w1 ", "w2 "]);
      expect(evidenceOf(lab, runId)).not.toContainEqual(expect.stringMatching(/unmended\.json$/));
    });

    test(`${drill} runs to its end after that`, async ({ skip }) => {
      const missing = time.missing(drill, KILLED);
      if (missing !== undefined) skip(missing);
      const ran = await lab.lab("drill", [drill, "--json"]);
      const { verdict, reason } = JSON.parse(ran.stdout || "{}") as Verdict;
      expect({ verdict, reason }, ran.stderr.slice(-2000)).toMatchObject({ verdict: "passed" });
    });
  }

  test("a service that was left rolled back: `up` starts it anew", async ({ skip }) => {
    const missing = time.missing("a rolled back service", KILLED);
    if (missing !== undefined) skip(missing);
    const state = "docker service inspect --format '{{.UpdateStatus.State}}' app";
    await killDrill(lab, "promote-demote", "kill-rolled-back", "break");
    await lab.on(
      "m1",
      `docker service update --quiet --detach --update-failure-action rollback --entrypoint /nowhere app >/dev/null
for i in $(seq 120); do ${state} | grep -q rollback_completed && exit 0; sleep 1; done; exit 1`,
    );
    await lab.must("up");
    expect(await lab.on("m1", state)).toBe("completed");
    expect((await lab.must("status")).stdout.split("\n")[0]).toMatch(/whole/);
  });

  test("a service that was left changed: `up` changes it back", async ({ skip }) => {
    const missing = time.missing("a changed service", KILLED);
    if (missing !== undefined) skip(missing);
    await killDrill(lab, "promote-demote", "kill-changed", "break");
    const look = `docker service inspect --format '{{.Spec.Mode.Replicated.Replicas}} {{json .Spec.Labels}}' app`;
    const before = await lab.on("m1", look);
    await lab.on(
      "m1",
      `docker service update --quiet --detach --replicas 2 --label-add '${UNDO_LABEL}=--replicas 3' app >/dev/null`,
    );
    expect(await lab.on("m1", look)).not.toBe(before);
    await lab.must("up");
    expect(await lab.on("m1", look)).toBe(before);
    expect((await lab.must("status")).stdout.split("\n")[0]).toMatch(/whole/);
  });
});
