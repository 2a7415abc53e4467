import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { codeOf, drawVerdicts, inOrder } from "../../scripts/cli/drill-all.ts";

const verdict = (drill: string, said: Verdict["verdict"], acknowledged = 0): Verdict => ({
  ...{ drill, runId: "1", verdict: said, reason: `why it is ${said}`, checks: [], steps: [] },
  rto: { leader: acknowledged > 0 ? 11.04 : null, api: null, replicas: null, request: 0 },
  rpo: { acknowledged, lost: 0, indeterminate: 3, maxGap: 12.3, undone: 0, undoneSeconds: 0 },
  ...{ startedAt: 1000, endedAt: 61_000 },
});

describe("all drills", () => {
  test("run in the catalogue's order, the wrong procedures last", () => {
    const order = inOrder(DRILLS);
    expect(order).toHaveLength(DRILLS.length);
    const controls = order.map(({ control }) => control ?? false);
    expect(controls).toEqual([...controls].sort((a, b) => Number(a) - Number(b)));
    const plain = order.filter(({ control }) => !control).map(({ name }) => name);
    expect(plain).toEqual(DRILLS.filter(({ control }) => !control).map(({ name }) => name));
  });

  test("end with a line for each, and a reason where one did not pass", () => {
    const all = [verdict("backup", "passed", 120), verdict("partition", "failed")];
    const drawn = stripVTControlCharacters(drawVerdicts(all)).split("\n");
    const row = (name: string) => drawn.find((line) => line.includes(` ${name} `)) ?? "";
    expect(
      row("backup")
        .split("│")
        .map((cell) => cell.trim()),
    ).toEqual(["", "backup", "passed", "11.0 s", "-", "12.3 s", "0 of 120", "60.0 s", ""]);
    expect(
      row("partition")
        .split("│")
        .map((cell) => cell.trim()),
    ).toEqual(["", "partition", "failed", "-", "-", "-", "-", "60.0 s", ""]);
    expect(drawn.at(-1)).toBe("partition: failed: why it is failed");
  });

  test.each<[number, Verdict["verdict"][]]>([
    [0, ["passed", "unavailable"]],
    [2, ["passed", "void"]],
    [1, ["void", "failed", "passed"]],
  ])("end with code %i when they are %j", (code, said) => {
    expect(codeOf(said.map((one) => ({ verdict: one })))).toBe(code);
  });
});
