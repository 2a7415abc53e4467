import { afterEach, beforeEach } from "vitest";
import { report, since } from "../../../scripts/cli/report.ts";

/** Says each test of a file when it begins, and when it has ended how: with emulated machines each takes its minutes. */
export function showProgress(): void {
  let start = 0;
  beforeEach(({ task }) => {
    start = performance.now();
    report(`${task.name} ...`);
  });
  afterEach(({ task }) => {
    const failed = (task.result?.errors ?? []).length > 0;
    report(`${task.name} ... ${failed ? "failed" : "passed"} after ${since(start)}`);
  });
}
