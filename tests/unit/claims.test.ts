import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import { claimsTable } from "../../components/drills/claims.ts";

const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

describe("the table of claims", () => {
  test("in the README is the one that the drills make", () => {
    expect(readFileSync(readme, "utf8")).toContain(
      `<!-- claims:begin -->\n\n${claimsTable(DRILLS)}\n\n<!-- claims:end -->`,
    );
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
