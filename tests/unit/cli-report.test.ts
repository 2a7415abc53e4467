import { describe, expect, test } from "vitest";
import { timed } from "../../scripts/cli/report.ts";
import { modelStatus } from "../../scripts/cli/status-model.ts";
import { thingsToTry } from "../../scripts/cli/up.ts";
import { add, countReport } from "../../scripts/cli/vitest-report.ts";
import { findings } from "./cli-status-support.ts";

const report = (passed: number, failed: number, files: object[] = []) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: files });

describe("the last line of the tests", () => {
  test("counts what vitest counted", () => {
    expect(countReport(report(12, 0), 0)).toEqual({ passed: 12, failed: 0 });
    expect(countReport(report(12, 3), 1)).toEqual({ passed: 12, failed: 3 });
  });

  test("counts a file that could not be loaded as a failure", () => {
    const files = [
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: [{ status: "passed" }] },
    ];
    expect(countReport(report(1, 0, files), 1)).toEqual({ passed: 1, failed: 1 });
  });

  test("does not count the file of a failed test a second time", () => {
    const files = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
    expect(countReport(report(0, 1, files), 1)).toEqual({ passed: 0, failed: 1 });
  });

  test("is never all well when the run was not: a crash, no report, an unhandled error", () => {
    expect(countReport(report(12, 0), 1)).toEqual({ passed: 12, failed: 1 });
    expect(countReport(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  });

  test("adds up", () => {
    expect(add({ passed: 1, failed: 2 }, { passed: 3, failed: 4 })).toEqual({
      passed: 4,
      failed: 6,
    });
  });
});

describe("a timed step", () => {
  test("says its beginning and its seconds", async () => {
    const said: string[] = [];
    expect(
      await timed(
        "a step",
        async () => 7,
        (line) => said.push(line),
      ),
    ).toBe(7);
    expect(said[0]).toBe("a step ...");
    expect(said[1]).toMatch(/^a step \.\.\. .*\d\.\d s/);
  });

  test("says that it failed and throws on", async () => {
    const said: string[] = [];
    const work = () =>
      timed(
        "a step",
        () => Promise.reject(new Error("no")),
        (line) => said.push(line),
      );
    await expect(work).rejects.toThrow("no");
    expect(said[1]).toMatch(/failed/);
  });
});

describe("what a newcomer may try", () => {
  const seen = { findings: findings(), status: modelStatus(findings()) };

  test("are three things that work as they stand", () => {
    const things = thingsToTry(seen, "dev");
    expect(things).toHaveLength(3);
    expect(things[0]).toMatch(/^curl http:\/\/127\.0\.0\.1:1002 /);
    expect(things[1]).toMatch(/^npm run shell -- m1 docker service ls /);
    expect(things[2]).toMatch(/^npm run status /);
  });

  test("name the stack where it is not the usual one", () => {
    expect(thingsToTry(seen, "other")[1]).toMatch(/^npm run shell -- --stack other m1 /);
    expect(thingsToTry(seen, "other")[2]).toMatch(/^npm run status -- --stack other /);
  });
});
