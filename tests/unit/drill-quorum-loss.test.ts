import { describe } from "vitest";
import { quorumLoss } from "../../components/drills/catalogue/quorum-loss.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, restartedCase, told, write } from "./drill-manager-cases.ts";

describe("the judge of quorum-loss", () => {
  judgeTests(quorumLoss, [
    [
      "one manager went on writing",
      write("fault", 2000),
      "with one manager of three nothing is written",
    ],
    [
      "it was not looked at for long",
      (_, { marks }) => {
        marks.started = (marks.fault ?? 0) + 5000;
      },
      "with one manager of three nothing is written",
    ],
    ["it went on listing nodes", told("refusal", ""), "the swarm says that it has no leader"],
    [
      "docker info tells it",
      (facts) => {
        facts.info.control = "false";
      },
      "ControlAvailable is true all the same",
    ],
    [
      "docker info has no error",
      (facts) => {
        facts.info.error = "";
      },
      "ControlAvailable is true all the same",
    ],
    restartedCase("during", "tasks run on"),
    ["tasks do not answer", told("overlay", "w1 does not reach 10.0.1.5"), "and answer"],
    [
      "the dead task was started again",
      (facts) => {
        facts.after.push(facts.killed);
      },
      "a task that dies stays dead",
    ],
    ["nobody waited", told("watched", 2), "a task that dies stays dead"],
    [
      "the restarted worker has tasks",
      (facts) => {
        facts.after.push({ ...facts.killed, node: facts.restarted, service: "edge" });
      },
      "a worker whose engine restarts has no task any more",
    ],
    [
      "it took minutes",
      (_, { marks }) => {
        marks.writing = (marks.started ?? 0) + 200_000;
      },
      "one manager brings the quorum back",
    ],
    [
      "tasks stayed dead",
      (facts) => {
        facts.healed.pop();
      },
      "and the tasks with it",
    ],
    ...quorumCases,
  ]);
});
