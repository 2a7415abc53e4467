import { UserError } from "../../components/errors.ts";
import { setUp } from "../setup/setup.ts";
import { conclude, fastChecks, vitest } from "./check.ts";
import { add } from "./vitest-report.ts";

/** Suites that take longer than `npm test` may, each a project of tests/vitest.config.ts. */
const LONG = ["drills", "faults", "killed", "unrecovered", "practice", "vm"];

/**
 * `npm test`: everything but the long suites, from a bare machine; tests that need no engine come first, as they tell
 * sooner. With `suite` that long suite alone.
 */
export async function test(stack: string, suite?: string): Promise<number> {
  if (suite !== undefined && !LONG.includes(suite))
    throw new UserError(`--suite: got ${suite}, need one of ${LONG.join(", ")}`);
  await setUp(stack);
  if (suite !== undefined) return conclude(await vitest([suite]));
  const fast = await fastChecks();
  const programs = await vitest(["programs"]);
  const pages = await vitest(["report"]);
  const slow = await vitest(["e2e"]);
  return conclude([fast, programs, pages, slow].reduce(add));
}
