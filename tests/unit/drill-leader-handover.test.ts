import { describe } from "vitest";
import { leaderHandover } from "../../components/drills/catalogue/leader-handover.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { busy, quorumCases, silence, told } from "./drill-manager-cases.ts";

describe("the judge of leader-handover", () => {
  judgeTests(leaderHandover, [
    [
      "the demoted leader leads on",
      (facts) => {
        facts.demotedTo = facts.demoted;
      },
      "the demoted leader hands over to another manager",
    ],
    [
      "the demotion cost an election",
      silence("fault", 500, 12_000),
      "writes hardly wait for a demotion",
    ],
    ["the demoted manager keeps its log", told("logAfter", 2), "the demoted manager keeps no log"],
    ["it had no log before", told("logBefore", 0), "the demoted manager keeps no log"],
    [
      "it came back as another node",
      told("idAfter", "another"),
      "promoted again it has its node id",
    ],
    ["it was killed, not stopped", told("exitCode", 137), "the other one was stopped cleanly"],
    [
      "the stopped leader leads on",
      (facts) => {
        facts.stoppedTo = facts.stopped;
      },
      "and another manager leads then",
    ],
    [
      "a stop handed over as well",
      busy("stopped", "healed"),
      "a clean stop costs an election all the same",
    ],
    ...quorumCases,
  ]);
});
