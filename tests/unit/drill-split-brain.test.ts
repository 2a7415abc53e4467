import { describe } from "vitest";
import { splitBrain } from "../../components/drills/catalogue/split-brain.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, silence } from "./drill-manager-cases.ts";

describe("the judge of split-brain", () => {
  judgeTests(splitBrain, [
    [
      "it was not cut off",
      (facts) => {
        facts.reached = ["m2"];
      },
      "the cut took: it reaches nobody",
    ],
    [
      "it did not lead alone",
      (facts) => {
        facts.sides[0] = "the swarm does not have a leader";
      },
      "there are two leaders",
    ],
    [
      "the majority had no leader",
      (facts) => {
        facts.sides[1] = "";
      },
      "there are two leaders",
    ],
    [
      "they were two swarms",
      (facts) => {
        facts.clusters[1] = "another";
      },
      "of swarms that have the same id",
    ],
    [
      "the majority did not write",
      silence("forced", 0, 600_000),
      "the majority acknowledges writes meanwhile",
    ],
    [
      "one of the majority led on",
      (facts) => {
        facts.deposed.pop();
      },
      "healed, the majority is no swarm any more",
    ],
    [
      "nothing was lost",
      (facts) => {
        facts.present.b = true;
      },
      "what the minority was told is there, and what the majority acknowledged is not",
    ],
    [
      "the checker sees no loss",
      (_, evidence) => {
        for (const { name, result } of evidence.operations)
          if (result === "ok") for (const { values } of evidence.reads) values[name] = name;
      },
      "the checker reports the loss",
    ],
    ...quorumCases,
  ]);
});
