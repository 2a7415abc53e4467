import { describe } from "vitest";
import { leaderLoss } from "../../components/drills/catalogue/leader-loss.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { busy, quorumCases, restartedCase, told } from "./drill-manager-cases.ts";

describe("the judge of leader-loss", () => {
  judgeTests(leaderLoss, [
    ["the leader was never missed", told("lost", "m1 Ready Leader"), "the others miss it"],
    ["writes went on", busy("fault", "healed"), "writes wait for one election"],
    [
      "writes waited for minutes",
      (_, { marks }) => {
        marks.healed = (marks.healed ?? 0) + 300_000;
      },
      "writes wait for one election",
    ],
    [
      "it leads again",
      (facts) => {
        facts.newLeader = facts.leader;
      },
      "there is one leader, another one, and it stays",
    ],
    [
      "there are two leaders",
      (facts) => {
        facts.returned[0] = "m1 Ready Leader";
      },
      "there is one leader, another one, and it stays",
    ],
    [
      "it came back as another node",
      told("returnedId", "another"),
      "it comes back under its node id",
    ],
    restartedCase("containersAfter", "tasks on workers were not restarted"),
    [
      "no task was looked at",
      (facts) => {
        facts.containersBefore = [];
      },
      "tasks on workers were not restarted",
    ],
    ...quorumCases,
  ]);
});
