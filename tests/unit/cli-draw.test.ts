import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { assess } from "../../scripts/cli/assess.ts";
import { drawStatus } from "../../scripts/cli/draw.ts";
import { type Findings, modelStatus } from "../../scripts/cli/status-model.ts";
import { containersWith, DESCRIPTION, findings } from "./cli-status-support.ts";

describe("the picture", () => {
  const draw = (change: Partial<Findings> = {}) => {
    const found = findings(change);
    const status = modelStatus(found);
    return stripVTControlCharacters(drawStatus(status, assess(found, status), found.description));
  };

  test("has a column for each zone, with its nodes", () => {
    const lines = draw().split("\n");
    expect(lines[0]).toBe("lab dev on local: whole");
    expect(lines[2]).toMatch(/│ a +│ b +│ c +│/);
    expect(lines[4]).toMatch(/│ m1 \* leader +│ m2 +│ m3 +│/);
    expect(lines.find((line) => line.includes("w1"))).toMatch(/│ w1 +│ w2 +│ +│/);
  });

  test("says the quorum, the network and why, and where to reach it", () => {
    const picture = draw();
    expect(picture).toContain("3 managers, quorum 2, survives 1\n");
    expect(picture).toContain("overlay not encrypted: the kernel has no ESP");
    expect(picture).toContain("app http://127.0.0.1:1002");
  });

  test("says what is left of the quorum, and when it is gone", () => {
    expect(draw({ containers: containersWith({ m2: "exited" }) })).toContain(
      "2 reachable now, survives 0 more",
    );
    expect(draw({ view: ["m1: no leader"] })).toContain("no leader: no quorum, no writes");
  });

  test("of a lab that is down is a line and what to do", () => {
    const nothing = {
      description: undefined,
      resources: false,
      containers: [],
      nodes: [],
      view: [],
    };
    expect(draw(nothing)).toMatch(/^lab dev: down\ndo +`npm run up` makes it$/);
  });

  test("shows the warnings of the lab", () => {
    const description = { ...DESCRIPTION, warnings: ["fewer than three zones"] };
    expect(draw({ description })).toContain("warning   fewer than three zones");
  });
});
