import { describe, expect, test } from "vitest";
import { SuiteTime } from "../e2e/support/suite-time.ts";

const given = (minutes: string, turn = "0") =>
  new SuiteTime({ LAB_SUITE_MINUTES: minutes, LAB_SUITE_TURN: turn });

describe("the time of a long suite", () => {
  test("has no end where none was given", () => {
    expect(new SuiteTime({}).missing("all", 10_000)).toBeUndefined();
  });

  test("begins a test only where it fits with a third more and two minutes to take the lab down", () => {
    expect(given("10").missing("short", 5.9)).toBeUndefined();
    expect(given("10").missing("long", 6.1)).toMatch(/^left out: it takes 6.1 minutes, and 10.0 /);
  });

  test("begins elsewhere in the circle with each turn", () => {
    expect(new SuiteTime({}).inTurn(["a", "b", "c"])).toEqual(["a", "b", "c"]);
    expect(given("1", "4").inTurn(["a", "b", "c"])).toEqual(["b", "c", "a"]);
    expect(given("1", "4").inTurn([])).toEqual([]);
  });

  test.each([
    ["soon", "0"],
    ["0", "0"],
    ["10", "1.5"],
  ])("is refused as %s minutes, turn %s", (minutes, turn) => {
    expect(() => given(minutes, turn)).toThrow(/LAB_SUITE_MINUTES needs/);
  });
});
