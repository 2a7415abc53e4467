import { describe } from "vitest";
import { followerLoss } from "../../components/drills/catalogue/follower-loss.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, silence, told } from "./drill-manager-cases.ts";

describe("the judge of follower-loss", () => {
  judgeTests(followerLoss, [
    [
      "it was another node that was missed",
      told("unreachable", "m9 Ready Unreachable"),
      "the others miss it",
    ],
    ["it was never Down", told("down", "m2 Ready Unreachable"), "the others miss it"],
    [
      "it is Down after two minutes",
      (_, { marks }) => {
        marks.down = (marks.fault ?? 0) + 120_000;
      },
      "it is Down after three heartbeats of 5 s",
    ],
    ["writes waited for an election", silence("fault", 1000, 13_000), "writes never pause"],
    [
      "nobody wrote meanwhile",
      silence("fault", 0, 600_000),
      "the 2 that are left, a majority of 2, acknowledge",
    ],
    [
      "another manager could be demoted",
      told("refusal", "it was demoted"),
      "no more than 1 of 3 can be spared",
    ],
    ["the others had to elect", told("leaderAfter", "m9"), "there was no election"],
    [
      "it came back as another node",
      told("returnedId", "another"),
      "it comes back under its node id",
    ],
    ...quorumCases,
  ]);
});
