import { describe } from "vitest";
import { engineUpgrade } from "../../components/drills/catalogue/engine-upgrade.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase, silence, told } from "./drill-manager-cases.ts";

const OLDER = "all of them began with an older engine";
const ORDER = "one after another, the leader after its followers";
const MIXED = "both engines were in one swarm meanwhile";
const MEMBERS = "each is the member it was, under its old id";

describe("the judge of engine-upgrade", () => {
  judgeTests(engineUpgrade, [
    [
      "one had the new engine from the first",
      (facts) => {
        facts.before[0].engine = facts.wanted;
      },
      OLDER,
    ],
    [
      "there was nothing to upgrade",
      (facts) => {
        for (const one of facts.before) one.engine = facts.wanted;
      },
      OLDER,
    ],
    [
      "the leader went first",
      (facts) => {
        facts.steps.unshift(...facts.steps.splice(2, 1));
      },
      ORDER,
    ],
    [
      "a node was left out",
      (facts) => {
        facts.steps.pop();
      },
      ORDER,
    ],
    [
      "all of them changed at once",
      (facts) => {
        for (const { nodes } of facts.steps) for (const one of nodes) one.engine = facts.wanted;
      },
      MIXED,
    ],
    [
      "one kept its engine",
      (facts) => {
        facts.after[3].engine = facts.before[3].engine;
      },
      "all of them end with the lab's engine",
    ],
    [
      "one came back as another member",
      (facts) => {
        facts.after[0].id = "0123456789";
      },
      MEMBERS,
    ],
    [
      "one is missing",
      (facts) => {
        facts.after.pop();
      },
      MEMBERS,
    ],
    [
      "a manager is a worker still",
      (facts) => {
        facts.after[0].standing = "Ready";
      },
      "the quorum is whole",
    ],
    [
      "a manager is not reachable",
      (facts) => {
        facts.after[1].standing = "Down Unreachable";
      },
      "the quorum is whole",
    ],
    ["nobody could write for a minute", silence("fault", 1000, 61_000), "no write waits long"],
    [
      "the service was gone for a moment",
      (facts) => {
        facts.steps[1].running[1] = 0;
      },
      "the service never stopped",
    ],
    [
      "an image had to be pulled again",
      told("images", [1, 0, 1, 1]),
      "images stay, as they are on the disk",
    ],
    lostWriteCase,
  ]);
});
