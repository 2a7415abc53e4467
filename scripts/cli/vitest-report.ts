import { z } from "zod";

/** The parts of vitest's JSON report that are counted. */
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts a vitest report. A file that failed without a failed test (it could not be loaded, or its hooks threw) is one
 * failure, and so is a run that failed (`exitCode`) although nothing in its report did.
 */
export function countReport(text: string | undefined, exitCode: number): Counts {
  if (text === undefined) return { passed: 0, failed: 1 };
  const report = Report.parse(JSON.parse(text));
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
});
