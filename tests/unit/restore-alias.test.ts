import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import {
  aliasProblems,
  type ManagerSeen,
  targetProblems,
} from "../../scripts/backup/restore-checks.ts";
import { manifestOf, sha256 } from "./backup-support.ts";

describe("a machine that answers at the backup's address as well", () => {
  const part = { file: "swarm.tgz", sha256: sha256("x"), bytes: 1, encryption: "none" as const };
  const manifest = manifestOf(part);
  const other = {
    name: "m1",
    address: "10.90.0.99",
    version: manifest.engineVersion,
    free: 2 ** 40,
  };

  test("may have another address; without the alias it may not", () => {
    expect(targetProblems(manifest, { ...other, alias: true }, 1)).toEqual([]);
    const [problem, ...more] = targetProblems(manifest, { ...other, alias: false }, 1);
    expect(problem?.got).toBe("address 10.90.0.99");
    expect(more).toEqual([]);
  });

  test("still needs the same engine and space", () => {
    const wrong = { ...other, alias: true, version: "another", free: 0 };
    expect(targetProblems(manifest, wrong, 1)).toHaveLength(2);
  });
});

describe("the machine that has the backup's address", () => {
  const home = (power: ManagerSeen["power"]): ManagerSeen => ({
    node: { name: "m2", address: "10.90.0.12" } as NodeHandle,
    ...{ power, state: undefined },
  });

  test.each(["on", "frozen"] as const)("is refused while it is %s", (power) => {
    expect(aliasProblems(home(power)).map(describeProblem)).toEqual([
      `m2: got a machine that is ${power} and has 10.90.0.12, the backup's address, ` +
        "need it off, since another machine is to answer there; " +
        "turn it off, or add --fence, which does that first; or restore on it, without --alias-address",
    ]);
  });

  test("may be off, gone, or never have been there", () => {
    for (const seen of [home("off"), home("missing"), undefined])
      expect(aliasProblems(seen)).toEqual([]);
  });
});
