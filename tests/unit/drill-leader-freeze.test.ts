import { describe } from "vitest";
import { leaderFreeze } from "../../components/drills/catalogue/leader-freeze.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { busy, quorumCases, told } from "./drill-manager-cases.ts";

describe("the judge of leader-freeze", () => {
  judgeTests(leaderFreeze, [
    [
      "it was never frozen",
      (facts, { marks }) => {
        facts.readsBefore.push([(marks.thawed ?? 0) - 200, 404]);
      },
      "nothing ran on it meanwhile",
    ],
    ["nothing read before", told("readsBefore", []), "nothing ran on it meanwhile"],
    ["writes went on", busy("fault", "thawed"), "writes wait for one election"],
    [
      "it leads when it goes on",
      (facts) => {
        facts.newLeader = facts.leader;
      },
      "it does not lead when it goes on",
    ],
    [
      "there are two leaders",
      (facts) => {
        facts.returned[0] = "m1 Ready Leader";
        facts.returned[1] = "m2 Ready Leader";
      },
      "it does not lead when it goes on",
    ],
    [
      "it reads what is old",
      (facts, { marks }) => {
        facts.reads.push([(marks.thawed ?? 0) + 9000, 404]);
      },
      "once it has heard of the others it reads nothing old",
    ],
    ["nobody read", told("reads", []), "once it has heard of the others it reads nothing old"],
    ...quorumCases,
  ]);
});
