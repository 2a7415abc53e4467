import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeSeat } from "../../components/nodes/plan.ts";
import { swarmPorts } from "../../components/swarm/ports.ts";
import {
  majority,
  quorumSentence,
  tolerance,
  whatIf,
  zoneLoss,
} from "../../components/swarm/quorum.ts";

const node = (name: string, zone: string): Pick<NodeSeat, "name" | "role" | "zone"> => ({
  name,
  role: name.startsWith("m") ? "manager" : "worker",
  zone,
});

/** Managers by zone: [2, 1] is m1 and m2 in zone a, m3 in zone b. */
const layout = (...counts: readonly number[]) => {
  const zones = counts.flatMap((count, zone) => Array.from({ length: count }, () => "abcd"[zone]));
  return zones.map((zone, index) => node(`m${index + 1}`, zone ?? ""));
};

describe("majority and tolerance", () => {
  it.each([
    [1, 1, 0],
    [2, 2, 0],
    [3, 2, 1],
    [4, 3, 1],
    [5, 3, 2],
    [6, 4, 2],
    [7, 4, 3],
    [9, 5, 4],
  ])("of %i managers %i must agree and %i may be lost", (managers, quorum, lost) => {
    expect(majority(managers)).toBe(quorum);
    expect(tolerance(managers)).toBe(lost);
  });

  it("never lets two majorities stand side by side, nor loses one within the tolerance", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (managers) => {
        expect(majority(managers) * 2).toBeGreaterThan(managers);
        expect(managers - tolerance(managers)).toBeGreaterThanOrEqual(majority(managers));
        expect(managers - tolerance(managers) - 1).toBeLessThan(majority(managers));
      }),
    );
  });

  it("gains nothing from an even manager", () => {
    for (const odd of [1, 3, 5, 7]) expect(tolerance(odd + 1)).toBe(tolerance(odd));
  });
});

describe("quorumSentence", () => {
  it.each([
    [1, "1 manager, quorum 1, survives 0"],
    [3, "3 managers, quorum 2, survives 1"],
    [7, "7 managers, quorum 4, survives 3"],
  ])("says it of %i", (managers, sentence) => {
    expect(quorumSentence(managers)).toBe(sentence);
  });
});

describe("whatIf", () => {
  const nodes = [...layout(1, 1, 1), node("w1", "a"), node("w2", "b")];

  it.each([
    [[], true, "3 of 3 managers left, quorum 2, survives 1 more"],
    [["m2"], true, "2 of 3 managers left, quorum 2, survives 0 more"],
    [["m1", "m3"], false, "1 of 3 managers left, quorum 2, no leader, no writes"],
    [["w1", "w2"], true, "3 of 3 managers left, quorum 2, survives 1 more"],
    [["m1", "m1"], true, "2 of 3 managers left, quorum 2, survives 0 more"],
  ])("judges the loss of %j", (lost, holds, sentence) => {
    expect(whatIf(nodes, lost)).toMatchObject({ holds, sentence });
  });

  it("refuses a name that is no node's", () => {
    expect(() => whatIf(nodes, ["m4"])).toThrow("m4 is not a node of this lab");
  });

  it("finds no quorum where there is no manager", () => {
    expect(whatIf([node("w1", "a")], [])).toMatchObject({ managers: 0, holds: false });
  });
});

describe("zoneLoss", () => {
  it.each([
    [[1, 1, 1], []],
    [[2, 1], ["a"]],
    [[2, 1, 1], ["a"]],
    [[2, 2, 1], []],
    [[3, 1, 1], ["a"]],
    [[2, 2, 2], []],
    [[3, 2, 2], []],
    [[3], ["a"]],
    [[3, 2], ["a"]],
  ])("of managers spread %j finds %j fatal", (counts, fatal) => {
    const lost = [...zoneLoss(layout(...counts))].filter(([, loss]) => !loss.holds);
    expect(lost.map(([zone]) => zone)).toEqual(fatal);
  });

  it("counts zones that hold workers alone", () => {
    const losses = zoneLoss([...layout(1, 1, 1), node("w1", "d")]);
    expect(losses.get("d")).toMatchObject({ holds: true, spare: 1 });
  });
});

describe("swarmPorts", () => {
  const lines = (encrypted: boolean) =>
    swarmPorts(5789, encrypted).map(
      ({ protocol, port, from, to }) => `${protocol} ${port ?? "-"} ${from} to ${to}`,
    );

  it("names what passes between nodes", () => {
    expect(lines(false)).toEqual([
      "tcp 2377 node to manager",
      "tcp 7946 node to node",
      "udp 7946 node to node",
      "udp 5789 node to node",
    ]);
  });

  it("adds ESP, which has no port, where overlays are encrypted", () => {
    expect(lines(true).slice(4)).toEqual(["esp - node to node"]);
  });

  it("gives a reason for each", () => {
    for (const { why } of swarmPorts(4789, true)) expect(why).toMatch(/^[a-z].{20,}/);
  });
});
