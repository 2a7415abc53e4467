import { describe } from "vitest";
import { managerReplacement } from "../../components/drills/catalogue/manager-replacement.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, silence, told, write } from "./drill-manager-cases.ts";

describe("the judge of manager-replacement", () => {
  judgeTests(managerReplacement, [
    [
      "it was gone when it had left",
      (facts) => {
        facts.gone.pop();
      },
      "a manager that leaves is counted on",
    ],
    [
      "it had not left",
      (facts) => {
        facts.gone = facts.right;
      },
      "a manager that leaves is counted on",
    ],
    [
      "the dead one was gone already",
      (facts) => {
        facts.wrong = facts.right;
      },
      "who joins first is one more, beside a dead one",
    ],
    [
      "there were four of different names",
      (facts) => {
        facts.first = "m9";
      },
      "who joins first is one more, beside a dead one",
    ],
    ["two of four went on writing", write("lost", 1500), "and then no other may be lost"],
    ["it went on listing nodes", told("refusal", ""), "and then no other may be lost"],
    [
      "the dead one is a member still",
      (facts) => {
        facts.right = facts.wrong;
      },
      "who is removed first leaves three who are three",
    ],
    [
      "nobody could write without one of three",
      silence("tried", 0, 60_000),
      "of whom one may be lost",
    ],
    [
      "it came back under its old id",
      (facts) => {
        facts.after.find((one: { hostname: string }) => one.hostname === facts.replaced).id =
          facts.before.id;
      },
      "the new member has another id, and nobody is listed twice",
    ],
    [
      "it is listed twice",
      (facts) => {
        facts.after.push({ ...facts.before, id: "third" });
      },
      "the new member has another id, and nobody is listed twice",
    ],
    [
      "it has no labels",
      (facts) => {
        facts.after.find((one: { hostname: string }) => one.hostname === facts.replaced).labels =
          {};
      },
      "it has the old one's role, availability and labels",
    ],
    ...quorumCases,
  ]);
});
