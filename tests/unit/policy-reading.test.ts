import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RESOURCE_POLICIES, STACK_POLICIES } from "../../policies/all.ts";
import { Marked, UNKNOWN } from "../../policies/policy.ts";
import { at, elements, leavesOf, readValue } from "../../policies/reading.ts";
import { resource } from "./policy-support.ts";

const WIRE = {
  secret: (value: unknown) => (value instanceof Set ? { value: [...value][0] } : undefined),
  isUnknown: (value: unknown) => value === "?",
};

describe("values off the wire", () => {
  test("have marks and unknowns wherever they stand, and none of the engine's notes", () => {
    const read = readValue(
      { a: ["?", new Set(["s"])], b: { __defaults: [], c: new Set([["?"]]) } },
      WIRE,
    );
    expect(read).toEqual({ a: [UNKNOWN, new Marked("s")], b: { c: new Marked([UNKNOWN]) } });
  });

  test("keep what is empty or false, marked or not", () => {
    const given = { a: false, b: "", c: null, d: new Set([false]), e: 0 };
    expect(readValue(given, WIRE)).toEqual({ ...given, d: new Marked(false) });
  });
});

describe("what stands at a path", () => {
  const inputs = { a: new Marked({ b: [1, new Marked(2)] }), u: UNKNOWN };

  test("is found behind marks", () => {
    expect(elements(at(inputs, "a", "b"))).toEqual([1, 2]);
  });

  test("is unknown from the first unknown on, and undefined where nothing is", () => {
    expect(at(inputs, "u", "x", "y")).toBe(UNKNOWN);
    expect([at(inputs, "x", "y"), at(inputs, "a", "b", "c")]).toEqual([undefined, undefined]);
    expect(elements(UNKNOWN)).toEqual([]);
  });
});

test("texts are told with their paths, keys and marks, and those within JSON in its place", () => {
  const all = leavesOf(
    resource("x", {
      a: [{ k: "t" }],
      m: new Marked("s"),
      j: '{"p":["i"]}',
      broken: "{not JSON",
      n: 1,
    }),
  );
  expect(all.map(({ path, key, text, marked, part }) => [path, key, text, marked, part])).toEqual([
    ["a[0].k", "k", "t", false, false],
    ["m", "m", "s", true, false],
    ["j.p[0]", "p", "i", false, true],
    ["broken", "broken", "{not JSON", false, false],
  ]);
});

describe("each policy", () => {
  const all = [...RESOURCE_POLICIES, ...STACK_POLICIES];

  test("has a name of its own and a sentence", () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, description } of all) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(description, name).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("is in the README, and no other is", () => {
    const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
    const rows = readme.match(/^\| `[a-z-]+` \| (?:mandatory|advisory) \| .*$/gm) ?? [];
    const row = ({ name, level, description }: (typeof all)[number]) =>
      `| \`${name}\` | ${level} | ${description} |`;
    expect([...rows].sort()).toEqual(all.map(row).sort());
  });
});
