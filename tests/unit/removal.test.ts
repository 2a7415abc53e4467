import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NodeEntry } from "../../components/swarm/node-list.ts";
import { majority } from "../../components/swarm/quorum.ts";
import { removalProblem } from "../../components/swarm/removal.ts";

const entry = (hostname: string, managerStatus: string): NodeEntry => ({
  ...{ id: hostname, hostname, status: "Ready", availability: "Active" },
  ...{ managerStatus, engineVersion: "26.1.5" },
});
const swarm = (...managers: string[]) => [
  ...managers.map((status, index) => entry(`m${index + 1}`, status)),
  entry("w1", ""),
];

describe("a node may go", () => {
  test.each<[string, NodeEntry[], string]>([
    ["when it is a worker", swarm("Leader"), "w1"],
    ["when it is no member", swarm("Leader"), "guest"],
    ["when it is one of three managers", swarm("Leader", "Reachable", "Reachable"), "m3"],
    ["when it leads, too", swarm("Leader", "Reachable", "Reachable"), "m1"],
    ["when it is one of two", swarm("Leader", "Reachable"), "m2"],
    ["when it is the one that does not answer", swarm("Leader", "Reachable", "Unreachable"), "m3"],
    [
      "when another does not answer and enough do",
      swarm("Leader", "Reachable", "Reachable", "Reachable", "Unreachable"),
      "m2",
    ],
  ])("%s", (_, entries, id) => {
    expect(removalProblem(entries, id)).toBeUndefined();
  });
});

describe("a node must stay", () => {
  test("when it is the last manager", () => {
    expect(removalProblem(swarm("Leader"), "m1")).toBe(
      "it is the last manager: removing it ends the swarm",
    );
  });

  test("when too few would answer without it", () => {
    expect(removalProblem(swarm("Leader", "Reachable", "Unreachable"), "m2")).toBe(
      "removing this manager would lose the quorum: 1 of the 2 that stay answer, 2 are needed; bring m3 back first",
    );
  });

  test("whichever of several is missing, all are named", () => {
    const entries = swarm("Leader", "Reachable", "Reachable", "Unreachable", "Unreachable");
    expect(removalProblem(entries, "m1")).toContain("bring m4, m5 back first");
  });
});

test("after a removal that is allowed, the managers that answer are a majority of those that stay", () => {
  const statuses = fc.array(fc.constantFrom("Reachable", "Unreachable"), { maxLength: 6 });
  fc.assert(
    fc.property(statuses, fc.nat(6), (others, at) => {
      const entries = swarm("Leader", ...others);
      const managers = entries.filter(({ managerStatus }) => managerStatus !== "");
      const leaving = managers[at % managers.length];
      const staying = managers.filter((each) => each !== leaving);
      const alive = staying.filter(({ managerStatus }) => managerStatus !== "Unreachable").length;
      const holds = staying.length > 0 && alive >= majority(staying.length);
      return (removalProblem(entries, leaving?.id ?? "") === undefined) === holds;
    }),
  );
});
