import type { Manifest } from "../../backup/manifest.ts";
import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { COME_BACK, NO_LEADER } from "./naive-address.ts";
import { judgeRestore } from "./whole-restore.ts";

export interface OtherAddressFacts {
  readonly manifest: Manifest;
  /** The address of the machine that was lost. */
  readonly old: string;
  readonly naive: {
    /** The new address of the machine for this. */
    readonly address: string;
    readonly forced: number;
    /** What the engine keeps as its advertise address, and what the swarm has as the manager's. */
    readonly kept: string;
    readonly member: string;
    /** Status of each worker after the time in which all come back to the right address. */
    readonly workers: readonly string[];
    readonly joined: string;
    readonly afterwards: { readonly code: number; readonly text: string };
  };
  readonly homes: readonly { readonly name: string; readonly address: string }[];
  /** Addresses that each worker keeps of managers, and of a worker after its restart. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly restarted: { readonly node: string; readonly ready: boolean };
  readonly aliasLeft: boolean;
}

/** Shows the naive way to fail as it does, and the restore to leave nobody with an address that is no more. */
export function judgeOtherAddress(evidence: Evidence): Check[] {
  const seen = evidence.facts as unknown as OtherAddressFacts;
  const { old, naive, homes, known, restarted, aliasLeft, manifest } = seen;
  const planned = [...manifest.managers].map(({ name, address }) => `${name} ${address}`).sort();
  const now = homes.map(({ name, address }) => `${name} ${address}`).sort();
  const real = new Set(manifest.managers.map(({ address }) => address));
  const workersBack = naive.workers.filter((one) => one.endsWith(" Ready"));
  return [
    checkEqual("the naive way: forcing with the new address says nothing", 0, naive.forced),
    checkEqual("the engine keeps the new address", naive.address, naive.kept.replace(/:\d+$/, "")),
    checkEqual("but the swarm has the old one", old, naive.member.replace(/:\d+$/, "")),
    checkThat(
      "no worker comes back",
      `0 of ${naive.workers.length} in ${COME_BACK} s`,
      naive.workers.join(", "),
      naive.workers.length > 0 && workersBack.length === 0,
    ),
    checkThat(
      "a manager that joins it takes the quorum with it",
      "no leader",
      `code ${naive.afterwards.code}: ${naive.afterwards.text} (joining said: ${naive.joined})`,
      naive.afterwards.code !== 0 && NO_LEADER.test(naive.afterwards.text),
    ),
    ...judgeRestore(evidence, { newNode: true }),
    checkEqual("every manager is at its own address", planned, now),
    checkThat(
      "workers know managers by these addresses only",
      [...real].sort().join(", "),
      Object.entries(known)
        .map(([name, list]) => `${name}: ${list.join(", ")}`)
        .join("; "),
      Object.values(known).length > 0 &&
        Object.values(known).every(
          (list) => list.length > 0 && list.every((address) => real.has(address)),
        ),
    ),
    checkEqual("a worker that is restarted comes back", true, restarted.ready),
    checkEqual("the old address is answered at no more", false, aliasLeft),
  ];
}
