import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CheckInput, check, longestGap, type Read } from "../../components/drills/checker.ts";
import type { Operation } from "../../components/drills/history.ts";

const write = (
  name: string,
  start: number,
  end: number | null = start + 10,
  result: Operation["result"] = end === null ? "indeterminate" : "ok",
): Operation => ({ writer: "m1", name, start, end, result, detail: "" });
const read = (manager: string, ...names: string[]): Read => ({
  manager,
  values: Object.fromEntries(names.map((name) => [name, name])),
});

const fault = { from: 1000, to: 2000 };
const history = [write("a", 100), write("b", 900), write("c", 2100), write("d", 2200)];
const good: CheckInput = {
  operations: history,
  reads: [read("m1", "a", "b", "c", "d"), read("m2", "d", "c", "b", "a")],
  fault,
  minimum: 2,
};

describe("without a restore", () => {
  test("a whole history has nothing to report", () => {
    expect(check(good)).toEqual({
      acknowledged: 4,
      indeterminate: 0,
      failed: 0,
      recovered: 0,
      undone: 0,
      undoneSeconds: 0,
      lost: [],
      corrupt: [],
      diverged: [],
      resurrected: [],
      phantom: [],
      unrecorded: [],
      maxGapSeconds: 1.2,
      gapFrom: 910,
      before: 2,
      after: 2,
    });
  });

  test.each<[string, Partial<CheckInput>, object]>([
    [
      "lost everywhere",
      { reads: [read("m1", "a", "c", "d"), read("m2", "a", "c", "d")] },
      { lost: ["b"], diverged: [] },
    ],
    [
      "lost on one manager",
      { reads: [read("m1", "a", "b", "c", "d"), read("m2", "a", "b", "d")] },
      { lost: ["c"], diverged: ["c: not on m2"] },
    ],
    [
      "with other data",
      { reads: [{ manager: "m1", values: { a: "a", b: "", c: "c", d: "d" } }] },
      { corrupt: ["b"], lost: [] },
    ],
    [
      "of unknown outcome, there",
      {
        operations: [...history, write("x", 990, null)],
        reads: [read("m1", "a", "b", "c", "d", "x")],
      },
      { recovered: 1, indeterminate: 1, lost: [], phantom: [] },
    ],
    [
      "of unknown outcome, not there",
      { operations: [...history, write("x", 990, null)] },
      { recovered: 0, indeterminate: 1, lost: [] },
    ],
    [
      "of unknown outcome, there on one manager only",
      {
        operations: [...history, write("x", 990, null)],
        reads: [read("m1", "a", "b", "c", "d", "x"), read("m3", "a", "b", "c", "d")],
      },
      { recovered: 1, lost: [], diverged: ["x: not on m3"] },
    ],
    [
      "refused, and there all the same",
      {
        operations: [...history, write("x", 1100, 1110, "failed")],
        reads: [read("m1", "a", "b", "c", "d", "x")],
      },
      { failed: 1, phantom: ["x"], lost: [] },
    ],
    [
      "that no client told of",
      { reads: [read("m1", "a", "b", "c", "d", "x")] },
      { unrecorded: ["x"], lost: [] },
    ],
  ])("a write is reported: %s", (_, change, expected) => {
    expect(check({ ...good, ...change })).toMatchObject(expected);
  });

  test.each<[string, Partial<CheckInput>, string]>([
    ["nothing was written", { operations: [] }, "0 acknowledged writes before the fault, need 2"],
    [
      "too little was written before",
      { operations: history.slice(1) },
      "1 acknowledged writes before the fault, need 2",
    ],
    [
      "too little was written after",
      { operations: history.slice(0, 3) },
      "1 acknowledged writes after the fault, need 2",
    ],
    [
      "nobody recovered",
      { fault: { from: 1000, to: null } },
      "0 acknowledged writes after the fault, need 2",
    ],
    [
      "there was no fault and too little writing",
      { fault: null, minimum: 5 },
      "4 acknowledged writes in all, need 5",
    ],
    ["nobody was read", { reads: [] }, "no manager was read in the end"],
    [
      "a name came twice",
      { operations: [...history, write("a", 2300)] },
      "a is in the history twice",
    ],
    [
      "a clock went back",
      { operations: [...history, write("x", 2300, 2299, "ok")] },
      "x ended before it began: a clock went back",
    ],
  ])("nothing is decided when %s", (_, change, reason) => {
    expect(check({ ...good, ...change }).void).toBe(reason);
  });
});

describe("with a restore", () => {
  const cut = { from: 300, to: 400 };
  const operations = [
    write("kept", 100),
    write("astride", 295, 305),
    write("window", 350),
    write("undone", 500),
    write("unsure", 600, 610, "indeterminate"),
    write("disaster", 995, 1005),
    write("in the fault", 1500),
    write("new", 2100),
  ];
  const restored: CheckInput = {
    operations,
    cut,
    fault,
    reads: [read("m1", "kept", "new")],
    minimum: 1,
  };

  test("what came after the backup is gone, by right", () => {
    expect(check(restored)).toMatchObject({
      lost: [],
      resurrected: [],
      undone: 3,
      undoneSeconds: 0.7,
      acknowledged: 7,
    });
    expect(check(restored).void).toBeUndefined();
  });

  test.each(["astride", "window", "disaster", "in the fault"])(
    "a write at the edge may be there: %s",
    (name) => {
      const found = check({ ...restored, reads: [read("m1", "kept", "new", name)] });
      expect(found).toMatchObject({ lost: [], resurrected: [], diverged: [] });
    },
  );

  test.each([
    ["from before the backup", ["new"], { lost: ["kept"] }],
    ["from after the recovery", ["kept"], { lost: ["new"] }],
    [
      "that outlived its swarm",
      ["kept", "new", "undone"],
      { resurrected: ["undone"], lost: [], undone: 2 },
    ],
    [
      "that outlived its swarm, never acknowledged",
      ["kept", "new", "unsure"],
      { resurrected: ["unsure"], recovered: 1 },
    ],
  ])("a write is reported: %s", (_, names, expected) => {
    expect(check({ ...restored, reads: [read("m1", ...names)] })).toMatchObject(expected);
  });

  test("a rehearsal has no disaster: all after the backup is absent from it", () => {
    const rehearsal = { ...restored, fault: null, reads: [read("m1", "kept")] };
    expect(check(rehearsal)).toMatchObject({ lost: [], resurrected: [], undone: 4 });
    expect(check({ ...rehearsal, reads: [read("m1", "kept", "new")] }).resurrected).toEqual([
      "new",
    ]);
  });

  test.each([
    ["kept", "0 acknowledged writes before the cut, need 1"],
    ["undone", "0 acknowledged writes between cut and fault, need 1"],
    ["new", "0 acknowledged writes after the fault, need 1"],
  ])("nothing is decided without %s", (name, reason) => {
    const less = operations.filter((operation) => operation.name !== name);
    const reads = [read("m1", ...["kept", "new"].filter((each) => each !== name))];
    expect(check({ ...restored, operations: less, reads }).void).toBe(reason);
  });
});

describe("the longest gap", () => {
  test.each<[string, Operation[], number | undefined, number, number | null]>([
    ["of nothing is none", [], undefined, 0, null],
    ["lies between two acknowledgements", history, undefined, 1.2, 910],
    ["begins with the first try", [write("x", 0, 10, "failed"), ...history], undefined, 1.2, 910],
    ["may come first", [write("x", 0, 1500, "ok"), write("y", 1600)], undefined, 1.5, 0],
    ["may last to the end", [write("x", 0), write("y", 20, null)], 4010, 4, 10],
    ["counts no refusal", [write("x", 0), write("y", 500, 900, "failed")], undefined, 0.89, 10],
    [
      "is bridged by any writer",
      [...history, { ...write("e", 1500), writer: "m2" }],
      undefined,
      0.8,
      110,
    ],
  ])("%s", (_, operations, until, seconds, from) => {
    expect(longestGap(operations, until)).toEqual({ seconds, from });
  });
});

/** A model of a swarm that keeps what it acknowledges, and whatever else it likes. */
const swarm = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1 }),
      start: fc.nat(3000),
      took: fc.nat(500),
      result: fc.constantFrom<Operation["result"]>("ok", "ok", "failed", "indeterminate"),
      kept: fc.boolean(),
    }),
    { selector: ({ name }) => name, maxLength: 40 },
  )
  .map((writes) => {
    const operations = writes.map(({ name, start, took, result }) =>
      write(name, start, result === "indeterminate" ? null : start + took, result),
    );
    const there = writes.filter(({ result, kept }) =>
      result === "ok" ? true : result === "indeterminate" && kept,
    );
    const names = there.map(({ name }) => name);
    const values = Object.fromEntries(names.map((name) => [name, name]));
    const reads = ["m1", "m2", "m3"].map((manager) => ({ manager, values }));
    return { operations, reads, fault, minimum: 0 } satisfies CheckInput;
  });

test("a swarm that keeps what it acknowledged is never said to have lost, or to be at fault", () => {
  fc.assert(
    fc.property(swarm, (input) => {
      const { lost, corrupt, diverged, phantom, resurrected, ...rest } = check(input);
      expect([lost, corrupt, diverged, phantom, resurrected]).toEqual([[], [], [], [], []]);
      expect(rest.void).toBeUndefined();
    }),
  );
});

test("one acknowledged write taken from one read is always reported", () => {
  fc.assert(
    fc.property(swarm, fc.nat(), fc.nat(2), (input, which, manager) => {
      const oks = input.operations.filter(({ result }) => result === "ok");
      fc.pre(oks.length > 0);
      const name = oks[which % oks.length]?.name ?? "";
      const reads = input.reads.map((each, index) => {
        const { [name]: _, ...values } = each.values;
        return index === manager ? { ...each, values } : each;
      });
      const found = check({ ...input, reads });
      expect(found.lost).toEqual([name]);
      expect(found.diverged).toEqual([`${name}: not on m${manager + 1}`]);
    }),
  );
});

test("the order of what comes in does not matter, also where much is wrong", () => {
  const shuffled = swarm.chain((input) => {
    const names = input.operations.map(({ name }) => name);
    const told = fc.dictionary(fc.constantFrom(...names, "?"), fc.constantFrom(...names, "?"));
    const reads = fc
      .tuple(told, told)
      .map((values) => values.map((one, index) => ({ manager: `m${index}`, values: one })));
    return fc.tuple(
      reads.map((wrong) => ({ ...input, reads: wrong })),
      fc.shuffledSubarray(input.operations, { minLength: input.operations.length }),
      fc.option(fc.record({ from: fc.nat(800), to: fc.constant(900) })),
    );
  });
  fc.assert(
    fc.property(shuffled, ([input, operations, cut]) => {
      const asItWas = { ...input, cut };
      const reads = input.reads.map(({ manager, values }) => ({
        manager,
        values: Object.fromEntries(Object.entries(values).reverse()),
      }));
      expect(check({ ...asItWas, operations, reads: reads.reverse() })).toEqual(check(asItWas));
    }),
  );
});
