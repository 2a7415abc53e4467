import { describe } from "vitest";
import { fullRestart } from "../../components/drills/catalogue/full-restart.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, told, write } from "./drill-manager-cases.ts";

describe("the judge of full-restart", () => {
  judgeTests(fullRestart, [
    [
      "together: a machine ran on",
      (facts) => {
        facts.together.off -= 1;
      },
      "together: all machines were off at once",
    ],
    [
      "together: it is another swarm",
      (facts) => {
        facts.together.after.clusterId = "another";
      },
      "together: it is the same swarm, with the same nodes and objects",
    ],
    [
      "together: a node is another one",
      (facts) => {
        facts.together.after.nodes[0].id = "another";
      },
      "together: it is the same swarm, with the same nodes and objects",
    ],
    [
      "together: a task is missing",
      (facts) => {
        facts.together.tasks.pop();
      },
      "together: every service runs as before, in new tasks",
    ],
    [
      "together: a task ran all the time",
      (facts) => {
        facts.together.tasks[0] = facts.tasks[0];
      },
      "together: every service runs as before, in new tasks",
    ],
    [
      "together: a secret differs",
      (facts) => {
        facts.together.secrets = ["x"];
      },
      "together: they read the same secrets",
    ],
    [
      "together: it took five minutes",
      (facts) => {
        facts.together.seconds = 300;
      },
      "together: it is whole again",
    ],
    [
      "in the worst order: a machine ran on",
      (facts) => {
        facts.worst.off -= 1;
      },
      "in the worst order: all machines were off at once",
    ],
    [
      "in the worst order: it is another swarm",
      (facts) => {
        facts.worst.after.clusterId = "another";
      },
      "in the worst order: it is the same swarm, with the same nodes and objects",
    ],
    [
      "in the worst order: a node is another one",
      (facts) => {
        facts.worst.after.nodes[0].id = "another";
      },
      "in the worst order: it is the same swarm, with the same nodes and objects",
    ],
    [
      "in the worst order: a task is missing",
      (facts) => {
        facts.worst.tasks.pop();
      },
      "in the worst order: every service runs as before, in new tasks",
    ],
    [
      "in the worst order: a task ran all the time",
      (facts) => {
        facts.worst.tasks[0] = facts.tasks[0];
      },
      "in the worst order: every service runs as before, in new tasks",
    ],
    [
      "in the worst order: a secret differs",
      (facts) => {
        facts.worst.secrets = ["x"];
      },
      "in the worst order: they read the same secrets",
    ],
    [
      "in the worst order: it took five minutes",
      (facts) => {
        facts.worst.seconds = 300;
      },
      "in the worst order: it is whole again",
    ],
    [
      "one manager led alone",
      told("alone", "it lists the nodes"),
      "the manager that is started first waits for another",
    ],
    ["it was written to in the dark", write("dark", 1000), "nothing is written without a quorum"],
    ...quorumCases,
  ]);
});
