import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import { claimsTable } from "../../components/drills/claims.ts";
import { CLAIMS_BESIDE, CLAIMS_OPEN } from "../../components/drills/claims-beside.ts";
import { EXERCISE_CLAIMS } from "../../components/practice/claims.ts";

const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

describe("the table of claims", () => {
  test("in the README is the one that the drills make", () => {
    expect(readFileSync(readme, "utf8")).toContain(
      `<!-- claims:begin -->\n\n${claimsTable([...DRILLS, ...EXERCISE_CLAIMS], CLAIMS_BESIDE, CLAIMS_OPEN)}\n\n<!-- claims:end -->`,
    );
  });

  test("names files that are there, and counts nothing as open that is shown", () => {
    const files = CLAIMS_BESIDE.map(({ by }) =>
      fileURLToPath(new URL(`../../${by}`, import.meta.url)),
    );
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const shown = [
      ...[...DRILLS, ...EXERCISE_CLAIMS].flatMap(({ claims = [] }) => claims),
      ...CLAIMS_BESIDE,
    ];
    expect(shown.filter(({ says }) => CLAIMS_OPEN.includes(says))).toEqual([]);
  });

  test("has something of every drill", () => {
    const without = DRILLS.filter(({ claims = [] }) => claims.length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test("keeps a bar and a full stop from breaking a row", () => {
    const [drill] = DRILLS;
    if (drill === undefined) throw new Error("no drill");
    const table = claimsTable([
      { ...drill, name: "x", claims: [{ says: "a|b.", shows: "c.", holds: "partly" }] },
    ]);
    expect(table.split("\n").at(-1)).toBe(
      "| a\\|b | in part | c | [`x`](components/drills/catalogue/x.ts) |",
    );
  });
});
