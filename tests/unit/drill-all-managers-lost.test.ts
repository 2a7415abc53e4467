import { describe } from "vitest";
import { allManagersLost } from "../../components/drills/catalogue/all-managers-lost.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, restartedCase, told } from "./drill-manager-cases.ts";

describe("the judge of all-managers-lost", () => {
  judgeTests(allManagersLost, [
    [
      "a worker listed services",
      (facts) => {
        facts.told[0].refusal = "it lists them";
      },
      "no worker can be asked for the services",
    ],
    [
      "a worker noticed",
      (facts) => {
        facts.told[0].error = "no managers";
      },
      "and none has noticed anything",
    ],
    ["nobody was asked", told("told", []), "and none has noticed anything"],
    restartedCase("during", "tasks run on"),
    ["tasks do not answer", told("overlay", "w1 does not reach 10.0.1.5"), "and answer"],
    [
      "a worker does not know a manager",
      (facts) => {
        facts.told[0].managers.pop();
      },
      "each knows where the managers were, and which swarm it is",
    ],
    [
      "a worker does not know its swarm",
      (facts) => {
        facts.told[1].clusterId = "";
      },
      "each knows where the managers were, and which swarm it is",
    ],
    [
      "a service is not found",
      (facts) => {
        facts.inventory.pop();
      },
      "the containers name every service, its id and its image",
    ],
    [
      "the secret is another one",
      told("secretsFound", ["x"]),
      "and secrets in use can be read from them",
    ],
    [
      "who leaves keeps its tasks",
      (facts) => {
        facts.has = facts.had;
      },
      "who leaves for a new swarm loses what runs",
    ],
    ["nothing ran there", told("had", 0), "who leaves for a new swarm loses what runs"],
    ...quorumCases,
  ]);
});
