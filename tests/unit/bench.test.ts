import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { benchTable, median } from "../../scripts/bench.ts";

describe("the median", () => {
  test.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[10, 9, 8, 100], 9.5],
    [[11, 9, 100], 11],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });

  test("has as many values below as above it, in whatever order they come", () => {
    const list = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(list, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(below).toBeLessThanOrEqual(values.length / 2);
        expect(above).toBeLessThanOrEqual(values.length / 2);
        expect(median(values.toReversed())).toBe(middle);
      }),
    );
  });

  test("leaves the values as they were", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("the table of a benchmark", () => {
  /** The cells of each line between the lines of the frame. */
  const cells = (text: string) =>
    stripVTControlCharacters(text)
      .split("\n")
      .filter((line) => line.includes("│"))
      .map((line) =>
        line
          .split("│")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  test("has medians, extremes and the ratio of the medians", () => {
    const rows = [
      { what: "up", lab: [12, 10, 20], yardstick: [6, 8, 4] },
      { what: "preview", lab: [1.94], yardstick: [] },
    ];
    expect(cells(benchTable(rows))).toEqual([
      ["", "lab", "yardstick", "ratio"],
      ["up", "12.0 s (10.0 to 20.0)", "6.0 s (4.0 to 8.0)", "2.00"],
      ["preview", "1.9 s (1.9 to 1.9)", "", ""],
    ]);
  });

  test("shows no figure that was not measured", () => {
    const text = benchTable([{ what: "up", lab: [], yardstick: [] }]);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(cells(text)[1]).toEqual(["up", "", "", ""]);
  });
});
