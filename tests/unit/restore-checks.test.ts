import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import {
  couldReturn,
  fenceProblems,
  listProblems,
  type ManagerSeen,
  targetProblems,
} from "../../scripts/backup/restore-checks.ts";
import { manifestOf, sha256 } from "./backup-support.ts";

const seen = (
  name: string,
  power: ManagerSeen["power"],
  state?: ManagerSeen["state"],
): ManagerSeen => ({ node: { name } as NodeHandle, power, state });

describe("a manager could speak for the old swarm", () => {
  const CASES: readonly [string, ManagerSeen, boolean][] = [
    ["when it is in it", seen("m1", "on", "active"), true],
    ["when it is in it and locked", seen("m1", "on", "locked"), true],
    ["when it is on its way in", seen("m1", "on", "pending"), true],
    ["when it is in an error", seen("m1", "on", "error"), true],
    ["when its engine does not say", seen("m1", "on"), true],
    ["when it is frozen", seen("m1", "frozen"), true],
    ["when nobody reaches its machine", seen("m1", "unknown"), true],
    ["not when its engine is off", seen("m1", "off"), false],
    ["not when its machine is gone", seen("m1", "missing"), false],
    ["not when it is in no swarm", seen("m1", "on", "inactive"), false],
  ];
  test.each(CASES)("%s", (_, manager, could) => {
    expect(couldReturn(manager)).toBe(could);
  });
});

describe("managers that are not fenced", () => {
  const some = [seen("m1", "on", "active"), seen("m2", "frozen"), seen("m3", "off")];

  test("of a swarm that lives are named, with what a restore is for", () => {
    expect(fenceProblems(some, true).map(describeProblem)).toEqual([
      "managers: got a swarm that lives, with m1, m2, need every manager's engine off, or in no swarm; " +
        "a restore is for the loss of the quorum; to put this swarm back to an earlier state all the same, add --fence, which stops their engines first",
    ]);
  });

  test("of a swarm without a quorum are named, with what to do", () => {
    expect(fenceProblems(some, false).map(describeProblem)).toEqual([
      "managers: got m1, m2, which could still speak for the old swarm, need every manager's engine off, or in no swarm; " +
        "stop their engines, or add --fence, which does that first",
    ]);
  });

  test("are none when none could return", () => {
    const fenced = [seen("m1", "on", "inactive"), seen("m2", "off"), seen("m3", "missing")];
    expect(fenceProblems(fenced, false)).toEqual([]);
  });
});

describe("the node that is restored on", () => {
  const part = { file: "swarm.tgz", sha256: sha256("x"), bytes: 1, encryption: "none" as const };
  const manifest = manifestOf(part);
  const fit = { name: "m2", address: "10.90.0.12", version: "26.1.5+dfsg1", free: 2 * 2 ** 20 };
  const problems = (change: Partial<typeof fit>, bytes = 2 ** 20) =>
    targetProblems(manifest, { ...fit, ...change }, bytes).map(describeProblem);

  test("has the backup's address and engine, and room for twice the archive", () => {
    expect(problems({})).toEqual([]);
  });

  const CASES: readonly [string, Partial<typeof fit>, string][] = [
    [
      "at another address",
      { address: "10.90.0.13" },
      "m2: got address 10.90.0.13, need 10.90.0.12, where the backup's manager was: its peers find it only there; " +
        "restore on the node that has that address, or add --alias-address, which lets this one answer there first",
    ],
    [
      "with another engine",
      { version: "27.5.0" },
      "m2: got engine 27.5.0, need 26.1.5+dfsg1, the backup's: another version may not read its log; install the same engine, restore, then upgrade",
    ],
    [
      "with a byte too little",
      { free: 2 * 2 ** 20 - 1 },
      "m2: got 1 MiB free, need 2 MiB; make room in /var/lib/docker",
    ],
    ["that is full", { free: 0 }, "m2: got 0 MiB free, need 2 MiB; make room in /var/lib/docker"],
    [
      "that does not say its space",
      { free: Number.NaN },
      "m2: got an unknown amount of free space, need 2 MiB; make room in /var/lib/docker",
    ],
  ];
  test.each(CASES)("is refused %s", (_, change, expected) => {
    expect(problems(change)).toEqual([expected]);
  });

  test("has all its problems told at once, a line each", () => {
    const all = targetProblems(manifest, { ...fit, address: "a", version: "v", free: 0 }, 2 ** 20);
    const lines = listProblems(all).split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^ {2}- m2: got .+, need .+; /);
  });
});
