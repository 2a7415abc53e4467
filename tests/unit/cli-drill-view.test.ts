import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import { afterEach, describe, expect, test, vi } from "vitest";
import { emptyEvidence } from "../../components/drills/evidence.ts";
import { judge, type Verdict } from "../../components/drills/verdict.ts";
import { drawVerdict, follow, isSignOfLife } from "../../scripts/cli/drill-view.ts";

afterEach(() => vi.restoreAllMocks());

const nothing = judge(emptyEvidence({ drill: "backup", runId: "r", lab: "dev", startedAt: 0 }), []);
const verdict: Verdict = {
  ...nothing,
  ...{ verdict: "failed", reason: "cluster id: expected abc, seen abd" },
  checks: [
    { name: "managers", expected: "3", seen: "3", ok: true },
    { name: "cluster id", expected: "abc", seen: "abd", ok: false },
  ],
  rto: { leader: 12.64, api: 13, replicas: null, request: 0 },
  rpo: { ...nothing.rpo, acknowledged: 1182, indeterminate: 3, maxGap: 12.6 },
  reportFolder: "/r/x",
};

describe("a verdict on the terminal", () => {
  test("has a line for each check, and of one that failed what was expected and seen", () => {
    expect(stripVTControlCharacters(drawVerdict(verdict)).split("\n")).toEqual([
      "ok  managers",
      "NO  cluster id",
      "    expected abc",
      "    seen     abd",
      "back after  leader 12.6 s, writes 13.0 s, replicas -, requests 0.0 s",
      "writes      1182 acknowledged, 0 lost, 3 of unknown outcome",
      "            longest gap 12.6 s",
      "report      /r/x/report.md",
      "drill backup: failed: cluster id: expected abc, seen abd",
    ]);
  });

  test("has no report where there is none", () => {
    expect(drawVerdict(nothing)).not.toContain("report");
  });
});

test("a sign of life is told from all else that is said", () => {
  expect(isSignOfLife(pc.dim("  83 s: still at Command drill-backup-r1 (80 s)"))).toBe(true);
  expect(isSignOfLife("\u001b[2m  9.5 s: still at Command x (9 s) and 1 more\u001b[22m")).toBe(
    true,
  );
  for (const line of ["pulumi up ...", "  created Command drill 8.0 s", "  error: still at"])
    expect(isSignOfLife(line), line).toBe(false);
});

test("progress is told as it is written, to its last line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-lab-follow-"));
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  const file = join(folder, "progress.log");
  const progress = follow(file);
  await sleep(50);
  writeFileSync(file, "one\n");
  await vi.waitFor(() => expect(said.join("")).toBe("one\n"), { timeout: 5000 });
  appendFileSync(file, "two\n");
  await progress.stop();
  expect(said.join("")).toBe("one\ntwo\n");
  rmSync(folder, { recursive: true });
});
