import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import { nodesOf } from "../../policies/nodes-of.ts";
import { UNKNOWN } from "../../policies/policy.ts";
import { enoughZones, managersOverZones, oddManagers } from "../../policies/quorum.ts";
import { container, instance, member, resource } from "./policy-support.ts";

const MAKERS = { container, instance, member };

/** Managers in these zones, then workers in those. */
const lab = (make: typeof member, managers: string, workers = "") => [
  ...[...managers].map((zone, at) => make(`m${at + 1}`, "manager", zone)),
  ...[...workers].map((zone, at) => make(`w${at + 1}`, "worker", zone)),
];

describe.each(Object.entries(MAKERS))("nodes that are given as a %s", (_, make) => {
  test.each(["a", "abc", "abcab"])("may be managers in zones %s", (zones) => {
    expect(oddManagers.judgeAll(lab(make, zones, "abc"))).toEqual([]);
  });

  test.each([
    ["ab", "2 bear the loss of 0, as 1 do"],
    ["abca", "4 bear the loss of 1, as 3 do"],
  ])("may not be an even number of managers: %s", (zones, why) => {
    const [problem] = oddManagers.judgeAll(lab(make, zones, "c"));
    if (problem === undefined) throw new Error("nothing was said");
    expect(describeProblem(problem)).toContain(`got ${zones.length}, need an odd number: ${why}`);
    expect(problem.fix).toContain("set managers to 1, 3, 5 or 7");
  });

  test.each([
    // managers, workers, is it a mistake of placement, is there a zone too few
    ["abc", "", false, false],
    ["abcab", "", false, false],
    ["aab", "c", true, false],
    ["aaabc", "", true, false],
    ["aab", "", false, true],
    ["aaa", "", false, true],
    ["a", "", false, false],
  ])("are spread: managers in %s, workers in %s", (managers, workers, misplaced, few) => {
    const nodes = lab(make, managers, workers);
    expect(managersOverZones.judgeAll(nodes).map(({ where }) => where)).toEqual(
      misplaced ? ["zone a"] : [],
    );
    expect(enoughZones.judgeAll(nodes).map(({ where }) => where)).toEqual(few ? ["zone a"] : []);
  });
});

test("a majority in one zone is said with its managers and how many it may hold", () => {
  const [problem] = managersOverZones.judgeAll(lab(container, "aaabc"));
  expect(problem).toMatchObject({ got: "3 of 5 managers (m1, m2, m3)" });
  expect(problem?.need).toContain("at most 2");
});

test("only what a preview says is mandatory fails it", () => {
  const levels = [oddManagers, managersOverZones, enoughZones].map(({ level }) => level);
  expect(levels).toEqual(["mandatory", "mandatory", "advisory"]);
});

describe("what counts as a node", () => {
  test("is each once, however many resources tell of it", () => {
    const both = [container("m1", "manager", "a"), member("m1", "manager", "a")];
    expect(nodesOf(both)).toEqual([{ name: "m1", role: "manager", zone: "a" }]);
  });

  test("is told by name, in whatever order the engine tells of resources", () => {
    const nodes = ["m10", "m2", "m1"].map((name) => container(name, "manager", "a"));
    expect(nodesOf(nodes).map(({ name }) => name)).toEqual(["m1", "m2", "m10"]);
  });

  test("is neither a gateway, nor what a drill made beside a node, nor what is not known", () => {
    const gateway = container("gateway", "gateway", "a");
    const spare = container("m2", "manager", "a", { "swarm-lab.spare": "m2" });
    const volume = { ...container("m3", "manager", "a"), type: "docker:index/volume:Volume" };
    const unknown = resource("aws:ec2/instance:Instance", { tags: UNKNOWN });
    const step = resource("command:local:Command", { environment: { LAB_MEMBER: UNKNOWN } });
    expect(nodesOf([gateway, spare, volume, unknown, step])).toEqual([]);
  });
});
