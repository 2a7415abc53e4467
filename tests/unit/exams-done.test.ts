import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FinishedExam } from "../../components/practice/exam.ts";
import { readExams, recordExam, withExam } from "../../scripts/practice/exams-done.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-lab-exams-"));
  process.env.SWARM_LAB_PROGRESS = join(folder, "practice-done.json");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env.SWARM_LAB_PROGRESS;
});

const exam = (seed: string, startedAt = 1000): FinishedExam => ({
  ...{ seed, minutes: 45, startedAt, endedAt: startedAt + 60_000, percent: 50 },
  domains: [{ domain: "security", passed: 1, of: 2 }],
  items: [
    { exercise: "secret-file", passed: true },
    { exercise: "leaked-token", passed: null },
  ],
});

describe("exams that came to their end", () => {
  test("are kept beside what was practised, each once", async () => {
    expect(await readExams()).toEqual([]);
    const [one, other] = [exam("7"), exam("8")];
    await recordExam(one);
    await recordExam(one);
    await recordExam(other);
    expect(await readExams()).toEqual([one, other]);
  });

  test("of the same seed are two where they began at two times", () => {
    expect(withExam([exam("7")], exam("7", 2000))).toHaveLength(2);
  });
});
