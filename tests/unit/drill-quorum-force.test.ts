import { describe } from "vitest";
import { quorumForce } from "../../components/drills/catalogue/quorum-force.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, restartedCase, told, write } from "./drill-manager-cases.ts";

describe("the judge of quorum-force", () => {
  judgeTests(quorumForce, [
    ["one manager went on writing", write("fault", 1000), "nothing is written without a quorum"],
    ["it went on listing nodes", told("refusal", ""), "nothing is written without a quorum"],
    [
      "a lost one was on",
      (facts) => {
        facts.fenced[0] = false;
      },
      "the lost ones cannot come back: they are off",
    ],
    [
      "forcing took minutes",
      (_, { marks }) => {
        marks.forced = (marks.force ?? 0) + 120_000;
      },
      "the new cluster is made",
    ],
    [
      "a worker is missing",
      (facts) => {
        facts.missing.push("w1");
      },
      "workers are Ready under their old ids",
    ],
    restartedCase("containersAfter", "tasks on workers were not restarted"),
    [
      "the lost ones are reachable",
      (facts) => {
        facts.ghosts[0] += " Reachable";
      },
      "the lost ones are managers by role and by nothing else",
    ],
    [
      "they are workers",
      (facts) => {
        facts.roles[0] = "worker";
      },
      "the lost ones are managers by role and by nothing else",
    ],
    ["they can be demoted", told("demotion", "it was demoted"), "they cannot be demoted"],
    [
      "one was not removed",
      (facts) => {
        facts.removed.pop();
      },
      "they are removed all the same",
    ],
    [
      "it is another swarm",
      (facts) => {
        facts.after.clusterId = "another";
      },
      "it is the same swarm, with the same keys, nodes and objects",
    ],
    [
      "a service is missing",
      (facts) => {
        facts.after.services.pop();
      },
      "it is the same swarm, with the same keys, nodes and objects",
    ],
    [
      "requests do not cross",
      told("overlay", "w1 finds no task of w2"),
      "requests cross the overlay between all nodes, managers too",
    ],
    [
      "no manager was asked",
      told("overlay", "2 requests crossed between w1, w2, none was lost"),
      "requests cross the overlay between all nodes, managers too",
    ],
    ...quorumCases,
  ]);
});
