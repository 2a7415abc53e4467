import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { capture } from "../../components/process.ts";

const PROGRAM = fileURLToPath(new URL("../../scripts/drills/run.ts", import.meta.url));

let reports = "";
beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "swarm-lab-run-"));
});
afterEach(() => rmSync(reports, { recursive: true }));

/** Runs a drill under the id `one` on a lab that has nothing it needs. */
async function run(name: string) {
  const description = { lab: "dev", nodes: [], expendable: false, gateway: { apps: {} } };
  const told = { ...description, kernel: {}, backups: { keys: reports } };
  const LAB_DRILL = JSON.stringify({ name, runId: "one", description: told, reports });
  return capture(process.execPath, [PROGRAM], { env: { LAB_DRILL }, timeout: 25_000 });
}

const verdictFile = (name: string) => join(reports, `one-${name}`, "verdict.json");

describe("the program that runs a drill", () => {
  test("tells a verdict of an earlier run again, without failing for it once more", async () => {
    const endedAt = Date.now(); // however short the time since then
    const verdict = { drill: "backup", runId: "one", verdict: "failed", reason: "lost", endedAt };
    mkdirSync(join(reports, "one-backup"));
    writeFileSync(verdictFile("backup"), JSON.stringify(verdict));
    const { code, stdout, stderr } = await run("backup");
    expect(stderr).toContain("drill backup: failed: lost\n");
    expect(JSON.parse(stdout)).toEqual(verdict);
    expect(code).toBe(0);
  });

  test("decides a run once, and keeps its verdict", async () => {
    const first = await run("backup");
    expect(JSON.parse(first.stdout)).toMatchObject({ verdict: "unavailable", runId: "one" });
    const kept = readFileSync(verdictFile("backup"), "utf8");
    expect(`${kept}\n`).toBe(first.stdout);
    expect([first.code, await run("backup")]).toEqual([0, first]);
  });
});
