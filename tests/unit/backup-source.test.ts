import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chooseSource,
  type ManagerEntry,
  type SourceOptions,
} from "../../components/backup/source.ts";
import { majority } from "../../components/swarm/quorum.ts";

const manager = (name: string, change: Partial<ManagerEntry> = {}): ManagerEntry => ({
  ...{ id: `id-${name}`, name, address: "10.0.0.1", engineVersion: "26.1.5" },
  ...{ leader: false, reachable: true, ready: true },
  ...change,
});
const lead = (name: string) => manager(name, { leader: true });
const down = (name: string) => manager(name, { reachable: false, ready: false });

const three = [lead("m1"), manager("m2"), manager("m3")];
const choose = (
  managers: readonly ManagerEntry[],
  options: Partial<SourceOptions> = {},
  rotatingCa = false,
) => {
  const seen = chooseSource(
    { managers, rotatingCa },
    { hot: false, acceptOutage: false, ...options },
  );
  return "manager" in seen ? seen.manager.name : seen.problem;
};

const OUTAGE =
  "backup: got a swarm of one manager, which stands still while its engine is stopped, need your consent; add --accept-outage, or --hot for a copy that may not restore";
const tooFew = (well: number, of: number, need: number) =>
  `backup: got ${well} of ${of} managers that can be reached, need ${need + 1}: the quorum is ${need}, and one is stopped meanwhile; ` +
  "bring back the managers that are missing first (`npm run up`), or add --hot for a copy that may not restore";

describe("the manager that is backed up", () => {
  const CASES: readonly [string, readonly ManagerEntry[], Partial<SourceOptions>, string][] = [
    ["is one that follows", three, {}, "m2"],
    ["is no leader, wherever that is listed", [manager("m1"), manager("m2"), lead("m3")], {}, "m1"],
    ["is no leader when it is hot either", three, { hot: true }, "m2"],
    [
      "is reachable",
      [lead("m1"), down("m2"), ...["m3", "m4", "m5"].map((m) => manager(m))],
      {},
      "m3",
    ],
    [
      "is Ready",
      [lead("m1"), manager("m2", { ready: false }), ...["m3", "m4", "m5"].map((m) => manager(m))],
      {},
      "m3",
    ],
    ["is the one that was asked for", three, { node: "m3" }, "m3"],
    ["is the leader when it was asked for", three, { node: "m1" }, "m1"],
    ["is the only one, with consent", [lead("m1")], { acceptOutage: true }, "m1"],
    ["is the only one, hot", [lead("m1")], { hot: true }, "m1"],
    [
      "is any that is well when a quorum is short, hot",
      [lead("m1"), manager("m2"), down("m3")],
      { hot: true },
      "m2",
    ],
  ];
  test.each(CASES)("%s", (_, managers, options, expected) => {
    expect(choose(managers, options)).toBe(expected);
  });
});

describe("no manager can be stopped", () => {
  const CASES: readonly [string, readonly ManagerEntry[], Partial<SourceOptions>, string][] = [
    ["where it is the only one and nobody agreed", [lead("m1")], {}, OUTAGE],
    ["where one of three is missing", [lead("m1"), manager("m2"), down("m3")], {}, tooFew(2, 3, 2)],
    [
      "where one of three is missing, with a choice",
      [lead("m1"), manager("m2"), down("m3")],
      { node: "m2" },
      tooFew(2, 3, 2),
    ],
    [
      "where one of four is missing",
      [lead("m1"), manager("m2"), manager("m3"), down("m4")],
      {},
      tooFew(3, 4, 3),
    ],
    [
      "where consent is for one manager only",
      [lead("m1"), manager("m2"), down("m3")],
      { acceptOutage: true },
      tooFew(2, 3, 2),
    ],
    [
      "where two are never enough",
      [lead("m1"), manager("m2")],
      {},
      "backup: got a swarm of 2 managers, which has no quorum while one is stopped, need 3 or more; add a manager, or add --hot for a copy that may not restore",
    ],
    [
      "where the choice is not reachable",
      [lead("m1"), manager("m2"), down("m3")],
      { node: "m3", hot: true },
      "backup: got m3, which cannot be reached, need a manager that is Ready and Reachable",
    ],
    [
      "where the choice is no manager",
      three,
      { node: "w1" },
      "backup: got w1, need a manager: m1, m2, m3",
    ],
    [
      "where the quorum is lost, though the leader still answers",
      [lead("m1"), down("m2"), down("m3")],
      { hot: true },
      "backup: got 1 of 3 managers that can be reached, need 2, the quorum: a crashed cluster cannot be backed up; " +
        "`npm run up` starts what is stopped, `npm run restore` brings back an earlier backup",
    ],
    [
      "where none can be reached",
      [down("m1"), down("m2")],
      { hot: true },
      "backup: got no manager that can be reached, need one that is Ready and Reachable",
    ],
  ];
  test.each(CASES)("%s", (_, managers, options, expected) => {
    expect(choose(managers, options)).toBe(expected);
  });

  test("during a rotation of the CA, hot or not", () => {
    const expected =
      "backup: got a CA rotation in progress, need one root CA; wait until `docker swarm ca --rotate` is through";
    expect(choose(three, {}, true)).toBe(expected);
    expect(choose(three, { hot: true, node: "m2" }, true)).toBe(expected);
  });
});

test("whatever the managers are like: never the leader while another can be, never the quorum, never one that is down", () => {
  const entry = fc.record({ reachable: fc.boolean(), ready: fc.boolean() });
  const swarm = fc
    .array(entry, { minLength: 2, maxLength: 9 })
    .chain((all) => fc.tuple(fc.constant(all), fc.nat({ max: all.length - 1 })));
  fc.assert(
    fc.property(swarm, fc.boolean(), ([all, leader], hot) => {
      const managers = all.map((one, at) => manager(`m${at}`, { ...one, leader: at === leader }));
      const well = managers.filter(({ reachable, ready }) => reachable && ready);
      const seen = chooseSource({ managers, rotatingCa: false }, { hot, acceptOutage: true });
      if ("problem" in seen) {
        expect(hot ? well.length : well.length - 1).toBeLessThan(majority(all.length));
        return;
      }
      expect(well).toContain(seen.manager);
      expect(seen.manager.leader).toBe(well.every((one) => one.leader));
      if (!hot) expect(well.length - 1).toBeGreaterThanOrEqual(majority(all.length));
    }),
  );
});
