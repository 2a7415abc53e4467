import { describe, expect, test } from "vitest";
import {
  type Evidence,
  emptyEvidence,
  PreconditionError,
  parseEvidence,
} from "../../components/drills/evidence.ts";
import type { Operation } from "../../components/drills/history.ts";
import {
  checkEqual,
  checkThat,
  type JudgeOptions,
  judge,
  type Verdict,
} from "../../components/drills/verdict.ts";

const write = (name: string, start: number, result: Operation["result"] = "ok"): Operation => ({
  writer: "m1",
  name,
  start,
  end: start + 10,
  result,
  detail: "",
});
const values = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));

const good: Evidence = {
  ...emptyEvidence({ drill: "leader-kill", runId: "r1", lab: "dev", startedAt: 0 }),
  endedAt: 9000,
  operations: [write("a", 100), write("b", 200), write("c", 3000)],
  reads: [
    { manager: "m1", values: values("a", "b", "c") },
    { manager: "m2", values: values("a", "b", "c") },
  ],
  fault: { from: 1000, to: 2000 },
  marks: { fault: 1000, leader: 1900, api: 2000, request: 900 },
};
const options: JudgeOptions = { minimum: 1 };
const checks = [checkEqual("managers", 3, 3)];
const short = ({ verdict, reason }: Verdict) => [verdict, reason];
const names = (verdict: Verdict) => verdict.checks.map(({ name, ok }) => [name, ok]);

describe("a drill that went well", () => {
  const verdict = judge(good, checks, options);

  test("passed, and says of what it judged", () => {
    expect(short(verdict)).toEqual([
      "passed",
      "all 5 checks hold, 0 of 3 acknowledged writes lost",
    ]);
    expect(verdict.checks[1]).toEqual({
      name: "no acknowledged write is lost",
      expected: "0 of 3",
      seen: "0 of 3",
      ok: true,
    });
  });

  test("has its times from the marks, and none for what was not measured or came before the fault", () => {
    expect(verdict.rto).toEqual({ leader: 0.9, api: 1, replicas: null, request: null });
    const unmarked = judge({ ...good, marks: { api: 2500 } }, checks, options);
    expect(unmarked.rto.api).toBe(1.5);
    expect(judge({ ...good, marks: { api: 9 }, fault: null }, checks).rto.api).toBeNull();
  });

  test("has its writes counted", () => {
    expect(verdict.rpo).toEqual({
      acknowledged: 3,
      lost: 0,
      indeterminate: 0,
      maxGap: 2.8,
      undone: 0,
      undoneSeconds: 0,
    });
  });

  test("has the same verdict when it is judged again from its file", () => {
    expect(judge(parseEvidence(JSON.stringify(good)), checks, options)).toEqual(verdict);
  });
});

describe("a drill that did not go well", () => {
  const without = (name: string) => {
    const rest = ["a", "b", "c"].filter((each) => each !== name);
    return { manager: "m2", values: values(...rest) };
  };
  const more = (operation: Operation, ...read: string[]): Partial<Evidence> => ({
    operations: [...good.operations, operation],
    reads: [{ manager: "m1", values: values("a", "b", "c", ...read) }],
  });

  test.each<[string, Partial<Evidence>, string]>([
    [
      "lost a write",
      { reads: [without("b")] },
      "no acknowledged write is lost: expected 0 of 3, seen 1 of 3: b",
    ],
    [
      "lost a write on one manager",
      { reads: [...good.reads, without("c")] },
      "no acknowledged write is lost: expected 0 of 3, seen 1 of 3: c (and 1 more)",
    ],
    [
      "has managers that differ",
      {
        operations: [...good.operations, write("x", 1500, "indeterminate")],
        reads: [...good.reads, { manager: "m3", values: values("a", "b", "c", "x") }],
      },
      "all managers tell the same writes: expected 0, seen 1: x: not on m1, m2",
    ],
    [
      "has a write with other data",
      { reads: [{ manager: "m1", values: { ...values("a", "b"), c: "" } }] },
      "every write has its own data: expected 0, seen 1: c",
    ],
    [
      "has a write that was refused",
      more(write("x", 1500, "failed"), "x"),
      "no write that was refused is there: expected 0 of 1, seen 1 of 1: x",
    ],
    [
      "has a write from after the backup",
      { cut: { from: 150, to: 190 } },
      "nothing from after the backup is there: expected 0, seen 1: b",
    ],
    ["stopped midway", { error: "m1: no leader within 60 s" }, "m1: no leader within 60 s"],
  ])("failed: it %s", (_, change, reason) => {
    expect(short(judge({ ...good, ...change }, checks, options))).toEqual(["failed", reason]);
  });

  test("failed when a check of its own does not hold", () => {
    const own = [...checks, checkEqual("cluster id", "abc", "abd"), checkEqual("CA", "x", "y")];
    expect(short(judge(good, own, options))).toEqual([
      "failed",
      "cluster id: expected abc, seen abd (and 1 more)",
    ]);
  });

  test("failed for a loss also when too little was written", () => {
    const lossy = { ...good, reads: [without("b")] };
    const verdict = judge(lossy, checks, { minimum: 20 });
    expect(verdict.verdict).toBe("failed");
    expect(names(verdict)).toEqual([
      ["managers", true],
      ["the writes decide something", false],
      ["no acknowledged write is lost", false],
    ]);
  });

  test("keeps what its writes say when it stopped midway", () => {
    const stopped = { ...good, error: "it broke", reads: [without("b")] };
    expect(judge(stopped, [], options).checks[0]?.seen).toBe("1 of 3: b");
  });
});

describe("nothing passes by absence", () => {
  test.each<[string, Partial<Evidence>, typeof checks, JudgeOptions, string]>([
    ["nothing was checked", {}, [], options, "the drill checked nothing"],
    ["too little was written", {}, checks, {}, "2 acknowledged writes before the fault, need 20"],
    ["nobody was read", { reads: [] }, checks, options, "no manager was read in the end"],
    [
      "nothing was written",
      { operations: [], reads: [{ manager: "m1", values: {} }] },
      checks,
      options,
      "0 acknowledged writes before the fault, need 1",
    ],
    [
      "the lab was not fit",
      { error: new PreconditionError("m2 is Down").message },
      checks,
      options,
      "m2 is Down",
    ],
    [
      "no writes are judged and nothing is checked",
      {},
      [],
      { minimum: 0 },
      "the drill checked nothing",
    ],
  ])("void: %s", (_, change, own, how, reason) => {
    expect(short(judge({ ...good, ...change }, own, how))).toEqual(["void", reason]);
  });

  test("what void writes would say is left out", () => {
    expect(names(judge({ ...good, reads: [] }, checks, options))).toEqual([
      ["managers", true],
      ["the writes decide something", false],
    ]);
  });

  test("a value that is missing equals nothing, not even another one", () => {
    expect(checkEqual("x", undefined, undefined)).toEqual({
      name: "x",
      expected: "nothing",
      seen: "nothing",
      ok: false,
    });
    expect(checkEqual("x", ["a", 1], ["a", 1])).toMatchObject({ ok: true, seen: '["a",1]' });
    expect(checkThat("x", "some", 0, false)).toMatchObject({ ok: false, seen: "0" });
  });

  test("unavailable is none of the others, whatever else is there", () => {
    const reason = "it has 1 manager, and this needs 3 or more";
    const verdict = judge({ ...good, available: { reason }, error: "x" }, checks, options);
    expect(short(verdict)).toEqual(["unavailable", reason]);
    expect(verdict.checks).toEqual([]);
  });
});

test("a drill without writers is judged by its own checks alone", () => {
  const verdict = judge({ ...good, operations: [], reads: [] }, checks, { minimum: 0 });
  expect(short(verdict)).toEqual(["passed", "the check holds"]);
});

describe("a negative control", () => {
  const control = { minimum: 1, expectLost: true };
  const lossy = { ...good, reads: [{ manager: "m1", values: values("a", "c") }] };

  test("passes when the loss is seen", () => {
    const verdict = judge(lossy, checks, control);
    expect(short(verdict)).toEqual([
      "passed",
      "all 2 checks hold, 1 of 3 acknowledged writes lost",
    ]);
    expect(verdict.checks[1]).toEqual({
      name: "the checker reports the loss",
      expected: "1 or more",
      seen: "1 of 3: b",
      ok: true,
    });
  });

  test("passes when the loss is seen though nothing could be written afterwards", () => {
    const silent = { ...lossy, operations: lossy.operations.slice(0, 2) };
    expect(judge(silent, checks, control).verdict).toBe("passed");
  });

  test("fails when nothing is lost", () => {
    expect(short(judge(good, checks, control))).toEqual([
      "failed",
      "the checker reports the loss: expected 1 or more, seen 0 of 3",
    ]);
  });

  test("is void when nothing could have been lost", () => {
    const silent = { ...good, operations: [], reads: [{ manager: "m1", values: {} }] };
    expect(judge(silent, checks, control).verdict).toBe("void");
    expect(judge({ ...lossy, reads: [] }, checks, control).verdict).toBe("void");
  });
});

describe("saved evidence", () => {
  test.each<[string, object]>([
    ["of another format", { format: 2 }],
    ["with a key that nobody knows", { surprise: 1 }],
    ["without a moment", { startedAt: "yesterday" }],
    [
      "with an unknown phase",
      { steps: [{ phase: "hope", node: null, command: "", seconds: 0, at: 0 }] },
    ],
    ["with an unknown result", { operations: [{ ...write("a", 1), result: "maybe" }] }],
  ])("is refused: %s", (_, change) => {
    expect(() => parseEvidence(JSON.stringify({ ...good, ...change }))).toThrow(/evidence: need/);
  });
});
