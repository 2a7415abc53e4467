import { describe, expect, test } from "vitest";
import { runChain, runChains } from "../../scripts/setup/setup.ts";
import type { Step } from "../../scripts/setup/step.ts";

/** A step that is done once it ran; `fail` makes its run throw. */
function step(
  name: string,
  log: string[],
  options: { done?: boolean; fail?: boolean; ms?: number } = {},
): Step {
  let done = options.done ?? false;
  return {
    name,
    done: async () => done,
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, options.ms ?? 0));
      if (options.fail) throw new Error(`${name} failed`);
      log.push(name);
      done = true;
    },
  };
}

const silent = () => undefined;

describe("set-up", () => {
  test("runs what is not done, in order, and says only that", async () => {
    const [log, said]: [string[], string[]] = [[], []];
    const steps = [step("a", log), step("b", log, { done: true }), step("c", log)];
    await runChain(steps, (line) => said.push(line));
    expect(log).toEqual(["a", "c"]);
    expect(said.filter((line) => line.endsWith("..."))).toEqual(["set-up: a ...", "set-up: c ..."]);
  });

  test("does nothing and says nothing the second time", async () => {
    const [log, said]: [string[], string[]] = [[], []];
    const steps = [step("a", log)];
    await runChain(steps, silent);
    await runChain(steps, (line) => said.push(line));
    expect([log, said]).toEqual([["a"], []]);
  });

  test("goes on where it was cut off", async () => {
    const log: string[] = [];
    const steps = [step("a", log), step("b", log, { fail: true })];
    await expect(runChain(steps, silent)).rejects.toThrow("b failed");
    await expect(runChain([...steps.slice(0, 1), step("b", log)], silent)).resolves.toBeUndefined();
    expect(log).toEqual(["a", "b"]);
  });

  test("lets one chain finish although another failed", async () => {
    const log: string[] = [];
    const slow = [step("slow", log, { ms: 50 }), step("after", log)];
    await expect(runChains([[step("bad", log, { fail: true })], slow], silent)).rejects.toThrow(
      "bad",
    );
    expect(log).toEqual(["slow", "after"]);
  });
});
