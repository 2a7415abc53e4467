import { setUp } from "../setup/setup.ts";
import { conclude, fastChecks, vitest } from "./check.ts";
import { add } from "./vitest-report.ts";

/** `npm test`: everything, from a bare machine. Tests that need no engine come first, as they tell sooner. */
export async function test(stack: string): Promise<number> {
  await setUp(stack);
  const fast = await fastChecks();
  const slow = await vitest(["!unit", "!components"]);
  return conclude(add(fast, slow));
}
