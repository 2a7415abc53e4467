import { describe, expect, test } from "vitest";
import { type Look, WaitError, waitFor } from "../../scripts/lib/wait.ts";

/** Answers in turn, the last one for ever. */
function answers<T>(...list: Look<T>[]) {
  const seen = { looks: 0 };
  const look = async () => {
    const answer = list[Math.min(seen.looks, list.length - 1)];
    seen.looks += 1;
    if (answer === undefined) throw new Error("nothing to answer");
    return answer;
  };
  return { seen, look };
}
const soon = { deadline: 0.05, interval: 0.01 };

describe("a wait", () => {
  test("ends with the value at the first look that is done", async () => {
    const { seen, look } = answers({ waiting: "a" }, { waiting: "b" }, { done: 42 });
    expect(await waitFor("x", look, { deadline: 5, interval: 0.001 })).toBe(42);
    expect(seen.looks).toBe(3);
  });

  test("does not sleep when all is well already", async () => {
    const start = performance.now();
    await waitFor("x", answers({ done: true }).look, { deadline: 60, interval: 30 });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("counts a value that is false or nothing as done", async () => {
    expect(await waitFor("x", answers<unknown>({ done: undefined }).look, soon)).toBeUndefined();
    expect(await waitFor("x", answers({ done: false }).look, soon)).toBe(false);
  });

  test("fails at the deadline with the last reason", async () => {
    const { look } = answers({ waiting: "m2 is Down" }, { waiting: "m3 is Down" });
    const wait = waitFor("the quorum", look, soon);
    await expect(wait).rejects.toThrow(new WaitError("the quorum: not within 0.05 s: m3 is Down"));
  });

  test("looks once more when it slept past the deadline", async () => {
    const { seen, look } = answers({ waiting: "slow" }, { done: "late" });
    expect(await waitFor("x", look, { deadline: 0.5, interval: 0.6 })).toBe("late");
    expect(seen.looks).toBe(2);
  });

  test("looks at least once, also without any time", async () => {
    expect(await waitFor("x", answers({ done: 1 }).look, { deadline: 0 })).toBe(1);
    await expect(waitFor("x", answers({ waiting: "a" }).look, { deadline: 0 })).rejects.toThrow(
      "x: not within 0 s: a",
    );
  });

  test("fails at once when there is no hope", async () => {
    const { seen, look } = answers({ waiting: "a" }, { failed: "it is gone" }, { done: 1 });
    const wait = waitFor("x", look, { deadline: 60, interval: 0.001 });
    await expect(wait).rejects.toThrow(new WaitError("x: it is gone"));
    expect(seen.looks).toBe(2);
  });

  test("passes on what a look throws, which is a bug and no reason to wait", async () => {
    const look = () => Promise.reject(new TypeError("undefined is not a function"));
    await expect(waitFor("x", look, soon)).rejects.toThrow(TypeError);
  });
});
