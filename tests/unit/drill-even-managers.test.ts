import { describe } from "vitest";
import { evenManagers } from "../../components/drills/catalogue/even-managers.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, silence, told, write } from "./drill-manager-cases.ts";

describe("the judge of even-managers", () => {
  judgeTests(evenManagers, [
    [
      "there were three managers only",
      (facts) => {
        facts.four.pop();
      },
      "there are four managers",
    ],
    [
      "the fourth was not reachable",
      (facts) => {
        facts.four[3] = "w2 Ready Unreachable";
      },
      "there are four managers",
    ],
    ["the loss of one was too much", silence("fault", 0, 60_000), "four do without 1, as three do"],
    ["two of four went on writing", write("lost", 1500), "and not without two"],
    [
      "it was not looked at for long",
      (_, { marks }) => {
        marks.refused = (marks.lost ?? 0) + 500;
      },
      "and not without two",
    ],
    ["it went on listing nodes", told("refusal", ""), "the swarm says why"],
    [
      "the fourth is a manager still",
      (facts) => {
        facts.afterwards = facts.four;
      },
      "there are as many managers as before",
    ],
    ...quorumCases,
  ]);
});
