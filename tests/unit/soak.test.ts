import { describe, expect, test } from "vitest";
import type { Drill, DrillGround } from "../../components/drills/drill.ts";
import { emptyEvidence } from "../../components/drills/evidence.ts";
import { judgeSoak, soakSequence } from "../../components/drills/soak.ts";

const drill = (name: string, more: Partial<Drill> = {}): Drill => ({
  ...{ name, question: "?", minutes: 1, minimumWrites: 20 },
  needs: () => undefined,
  run: async () => undefined,
  judge: () => [],
  ...more,
});
const ground = { nodes: [], expendable: true } as unknown as DrillGround;
const drills = [
  ...["a", "b", "c"].map((name) => drill(name)),
  drill("wrong", { control: true }),
  drill("restore", { rewinds: true }),
  drill("elsewhere", { needs: () => "no kernel" }),
];
const names = (count: number, seed: number) =>
  soakSequence(drills, ground, count, seed).map(({ name }) => name);

describe("the drills of a soak", () => {
  test("are the same for the same seed, and others for another", () => {
    expect(names(20, 7)).toEqual(names(20, 7));
    expect(names(20, 7)).not.toEqual(names(20, 8));
  });

  test("are as many as wanted, and only what loses nothing and can run here", () => {
    const many = names(300, 1);
    expect(many).toHaveLength(300);
    expect([...new Set(many)].sort()).toEqual(["a", "b", "c"]);
    for (const name of ["a", "b", "c"])
      expect(many.filter((one) => one === name).length).toBeGreaterThan(60);
  });

  test("are an error where there are none", () => {
    expect(() => soakSequence([], ground, 1, 1)).toThrow("this lab can stage no drill of a soak");
  });
});

describe("a soak", () => {
  const about = { drill: "soak", runId: "1", lab: "dev", startedAt: 0 };
  const wrong = (wanted: string[], said: string[]) => {
    const verdicts = said.map((verdict, at) => ({ drill: wanted[at], verdict, reason: "why" }));
    const checks = judgeSoak({ ...emptyEvidence(about), facts: { wanted, verdicts } });
    return checks.filter(({ ok }) => !ok).map(({ name }) => name);
  };

  test("holds when all of its drills ran and passed", () => {
    expect(wrong(["a", "b"], ["passed", "passed"])).toEqual([]);
  });

  test("does not when one failed, decided nothing, or never ran", () => {
    expect(wrong(["a", "b"], ["passed", "failed"])).toEqual(["every drill passed"]);
    expect(wrong(["a", "b"], ["void", "passed"])).toEqual(["every drill passed"]);
    expect(wrong(["a", "b"], ["passed"])).toEqual(["every drill ran"]);
    expect(wrong([], [])).toEqual(["every drill ran"]);
  });
});
