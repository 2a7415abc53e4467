import { describe } from "vitest";
import { promoteDemote } from "../../components/drills/catalogue/promote-demote.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, restartedCase, told } from "./drill-manager-cases.ts";

describe("the judge of promote-demote", () => {
  judgeTests(promoteDemote, [
    [
      "its certificate stayed a worker's",
      (facts) => {
        facts.manager.unit = "swarm-worker";
      },
      "the CA gives it a certificate of its new role each time",
    ],
    [
      "it came back as another node",
      (facts) => {
        facts.again.id = "another";
      },
      "its node id stays the same",
    ],
    [
      "the others did not reach it",
      told("promoted", "w2 Ready Unreachable"),
      "promoted, the others reach it",
    ],
    [
      "it took a minute to be a manager",
      (_, { marks }) => {
        marks.promoted = (marks.fault ?? 0) + 60_000;
      },
      "it is a manager soon",
    ],
    ["it took a minute to be none", told("demotion", 60), "demoted, it is one no more soon"],
    [
      "it keeps the log",
      (facts) => {
        facts.again.logs = 2;
      },
      "it has the log while it is a manager, and keeps nothing of it",
    ],
    [
      "it never had the log",
      (facts) => {
        facts.manager.logs = 0;
      },
      "it has the log while it is a manager, and keeps nothing of it",
    ],
    restartedCase("containersAfter", "its tasks run on"),
    [
      "the last manager was demoted",
      told("refusal", "it was demoted"),
      "the last manager cannot be demoted",
    ],
    [
      "it was not the last",
      (facts) => {
        facts.left.push("m9");
      },
      "the last manager cannot be demoted",
    ],
    ...quorumCases,
  ]);
});
