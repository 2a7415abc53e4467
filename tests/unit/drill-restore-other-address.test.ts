import { describe } from "vitest";
import { restoreOtherAddress } from "../../components/drills/catalogue/restore-other-address.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { NODE_ID, RESTORE_CASES } from "./drill-restore-cases.ts";

const QUORUM = "a manager that joins it takes the quorum with it";
const KNOWN = "workers know managers by these addresses only";

describe("the judge of restore-other-address", () => {
  judgeTests(restoreOtherAddress, [
    // The restored manager's id ends with the alias, and is not asked for.
    ...RESTORE_CASES.filter(([, , check]) => check !== NODE_ID),
    [
      "forcing was refused",
      (facts) => {
        facts.naive.forced = 1;
      },
      "the naive way: forcing with the new address says nothing",
    ],
    [
      "the engine kept another address",
      (facts) => {
        facts.naive.kept = facts.old;
      },
      "the engine keeps the new address",
    ],
    [
      "the swarm took the new address",
      (facts) => {
        facts.naive.member = `${facts.naive.address}:2377`;
      },
      "but the swarm has the old one",
    ],
    [
      "a worker came back",
      (facts) => {
        facts.naive.workers[0] = "w1 Ready";
      },
      "no worker comes back",
    ],
    [
      "no worker was looked at",
      (facts) => {
        facts.naive.workers = [];
      },
      "no worker comes back",
    ],
    [
      "the quorum was kept",
      (facts) => {
        facts.naive.afterwards = { code: 0, text: "" };
      },
      QUORUM,
    ],
    [
      "it failed for another reason",
      (facts) => {
        facts.naive.afterwards = { code: 1, text: "no such command" };
      },
      QUORUM,
    ],
    [
      "a manager is at another address",
      (facts) => {
        facts.homes[0].address = facts.naive.address;
      },
      "every manager is at its own address",
    ],
    [
      "a worker knows an address that nobody has",
      (facts) => {
        Object.values<string[]>(facts.known)[0]?.push(facts.naive.address);
      },
      KNOWN,
    ],
    [
      "a worker knows no manager",
      (facts) => {
        facts.known = { w1: [] };
      },
      KNOWN,
    ],
    [
      "the restarted worker did not come back",
      (facts) => {
        facts.restarted.ready = false;
      },
      "a worker that is restarted comes back",
    ],
    [
      "the old address is still answered at",
      (facts) => {
        facts.aliasLeft = true;
      },
      "the old address is answered at no more",
    ],
  ]);
});
