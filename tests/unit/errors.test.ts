import { describe, expect, test } from "vitest";
import { describeProblem, refuse, UserError } from "../../components/errors.ts";

const problem = { where: "a.b", got: "4", need: "an odd number" };

describe("a problem", () => {
  test("says where, what was found, what is needed and what to do", () => {
    expect(describeProblem({ ...problem, fix: "set 3 or 5" })).toBe(
      "a.b: got 4, need an odd number; set 3 or 5",
    );
  });

  test.each([undefined, ""])("without a remedy (%j) ends where it ends", (fix) => {
    expect(describeProblem({ ...problem, fix })).toBe("a.b: got 4, need an odd number");
  });
});

describe("refusing", () => {
  test("nothing lets everything pass", () => {
    expect(() => refuse("no", [])).not.toThrow();
  });

  test("lists every problem under one title, in one error for a person", () => {
    const problems = [problem, { ...problem, where: "c" }];
    const lines = ["no", "  - a.b: got 4, need an odd number", "  - c: got 4, need an odd number"];
    expect(() => refuse("no", problems)).toThrow(new UserError(lines.join("\n")));
  });

  test("can be told from a bug by its name, also across module boundaries", () => {
    expect(new UserError("x").name).toBe("UserError");
    expect(new UserError("x")).toBeInstanceOf(Error);
  });
});
