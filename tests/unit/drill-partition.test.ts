import { describe } from "vitest";
import { partition } from "../../components/drills/catalogue/partition.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { busy, quorumCases, silence, told } from "./drill-manager-cases.ts";

describe("the judge of partition", () => {
  judgeTests(partition, [
    [
      "the cut did not take",
      (facts) => {
        facts.reached = ["m2"];
      },
      "the cut took",
    ],
    ["it reached nobody before either", told("reachedBefore", []), "the cut took"],
    ["nobody had to elect", busy("fault", "joined"), "the majority elects another leader"],
    [
      "the majority did not acknowledge",
      silence("parted", 0, 600_000),
      "it is one of the majority, and acknowledges",
    ],
    [
      "the lone leader leads on",
      (facts) => {
        facts.newLeader = facts.leader;
      },
      "it is one of the majority, and acknowledges",
    ],
    [
      "it never noticed",
      (_, { marks }) => {
        marks.refused = (marks.parted ?? 0) + 61_000;
      },
      "the lone leader notices",
    ],
    [
      "it acknowledged alone",
      (facts, evidence) => {
        const start = (evidence.marks.parted ?? 0) + 1000;
        evidence.operations.push({
          writer: facts.leader,
          name: "drill-x-m1-9-9",
          start,
          end: start + 20,
          result: "ok",
          detail: "",
        });
        for (const { values } of evidence.reads) values["drill-x-m1-9-9"] = "drill-x-m1-9-9";
      },
      "and acknowledges nothing, of which nothing is there",
    ],
    [
      "what it did not acknowledge is there",
      (facts, evidence) => {
        const { parted = 0, joined = 0 } = evidence.marks;
        for (const { writer, name, start, end } of evidence.operations)
          if (writer === facts.leader && start > parted && (end ?? joined) < joined)
            for (const { values } of evidence.reads) values[name] = name;
      },
      "and acknowledges nothing, of which nothing is there",
    ],
    [
      "it came to no later term",
      (facts) => {
        facts.lone = facts.majority;
      },
      "healing costs a second election",
    ],
    [
      "the leader of the majority led on",
      (facts) => {
        facts.healed = facts.majority;
      },
      "healing costs a second election",
    ],
    ["writes went on", busy("joined", "healed"), "healing costs a second election"],
    [
      "it took minutes to heal",
      (_, { marks }) => {
        marks.healed = (marks.healed ?? 0) + 300_000;
      },
      "and no more than that",
    ],
    ...quorumCases,
  ]);
});
