import { describe } from "vitest";
import { restoreOneManager } from "../../components/drills/catalogue/restore-one-manager.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase, quorumCases } from "./drill-manager-cases.ts";

const PANIC = "its engine panics on the old log, each time it is started";
const MEMBER = "a new member has taken its place";
const PANICS = "the others noticed nothing of its panics";
const REMOVAL = "nor did its removal cost an election";

describe("the judge of restore-one-manager", () => {
  judgeTests(restoreOneManager, [
    [
      "the engine lived with its old log",
      (facts) => {
        facts.panics = ["no panic", "no panic"];
      },
      PANIC,
    ],
    [
      "it was started once only",
      (facts) => {
        facts.panics.pop();
      },
      PANIC,
    ],
    [
      "it died of something else",
      (facts) => {
        facts.panics[1] = "runtime error: invalid memory address";
      },
      PANIC,
    ],
    [
      "the others had to elect",
      (facts) => {
        facts.leaderAfter = "m9";
      },
      "the others kept their leader",
    ],
    [
      "the others waited while it panicked",
      (_, evidence) => {
        const from = (evidence.marks.fault ?? 0) + 1000;
        evidence.operations = evidence.operations.filter(
          ({ start }) => start < from || start > from + 4000,
        );
      },
      PANICS,
    ],
    [
      "nobody wrote meanwhile",
      (_, evidence) => {
        const { fault = 0, repair = 0 } = evidence.marks;
        evidence.operations = evidence.operations.filter(
          ({ start }) => start < fault || start > repair,
        );
      },
      PANICS,
    ],
    [
      "the others waited for a leader when it was removed",
      (_, evidence) => {
        const from = evidence.marks.repair ?? 0;
        evidence.operations = evidence.operations.filter(
          ({ start }) => start < from || start > from + 12_000,
        );
      },
      REMOVAL,
    ],
    [
      "the old member is there still",
      (facts) => {
        facts.after = facts.before;
      },
      MEMBER,
    ],
    [
      "nobody has taken its place",
      (facts) => {
        const { name } = facts.manifest.node;
        facts.after.nodes = facts.after.nodes.filter(
          (one: { hostname: string }) => one.hostname !== name,
        );
      },
      MEMBER,
    ],
    [
      "the new member lacks its labels",
      (facts) => {
        for (const node of facts.after.nodes) node.labels = {};
      },
      "it has the old one's role, availability and labels",
    ],
    ...quorumCases,
    lostWriteCase,
  ]);
});
