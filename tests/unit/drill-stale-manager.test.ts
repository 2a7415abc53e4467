import { describe } from "vitest";
import { staleManager } from "../../components/drills/catalogue/stale-manager.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, silence, told } from "./drill-manager-cases.ts";

describe("the judge of stale-manager", () => {
  judgeTests(staleManager, [
    [
      "hardly anything was written",
      (facts) => {
        facts.came = facts.went + 30;
      },
      "more was written than a leader keeps for those who are behind",
    ],
    [
      "the leader took no snapshot",
      told("leaders", 0),
      "the leader has a snapshot from later than it left",
    ],
    ["it caught up by the log", told("restored", ""), "it is given the snapshot, not the log"],
    [
      "the snapshot is older than what it had",
      (facts) => {
        facts.restored =
          "[committed=900000, applied=900000] starts to restore snapshot [index: 800000, term: 2]";
      },
      "it is given the snapshot, not the log",
    ],
    [
      "it did not keep the snapshot",
      (facts) => {
        facts.ownAfter = 1;
      },
      "it has that snapshot on its own disk",
    ],
    [
      "it took two minutes",
      (_, { marks }) => {
        marks.healed = (marks.started ?? 0) + 120_000;
      },
      "it is back soon",
    ],
    ["the others waited", silence("started", 0, 60_000), "the others do not wait for it"],
    ["it came back as another node", told("idAfter", "another"), "it is who it was"],
    ["there was an election", told("leaderAfter", "m9"), "there was no election"],
    ["the interval was left", told("intervalAfter", 100), "the snapshot interval is as it was"],
    ...quorumCases,
  ]);
});
