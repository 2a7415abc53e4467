import { describe } from "vitest";
import { zoneLoss } from "../../components/drills/catalogue/zone-loss.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases, silence, told, write } from "./drill-manager-cases.ts";

describe("the judge of zone-loss", () => {
  judgeTests(zoneLoss, [
    [
      "the loss of a zone stopped all writes",
      silence("fault", 0, 600_000),
      "managers that are one to a zone survive the loss of a zone",
    ],
    [
      "a task was counted on the node that is off",
      (facts) => {
        facts.moved[0] = facts.worker;
      },
      "the application is whole in the zones that are left",
    ],
    [
      "a task is missing",
      (facts) => {
        facts.moved.pop();
      },
      "the application is whole in the zones that are left",
    ],
    [
      "nothing ran in the zone",
      (facts) => {
        facts.before = ["elsewhere"];
        facts.moved = ["elsewhere"];
      },
      "the application is whole in the zones that are left",
    ],
    [
      "one of three went on writing",
      write("pair", 1500),
      "two managers in the zone that is lost are too many",
    ],
    ["it went on listing nodes", told("refusal", ""), "the swarm says so"],
    [
      "tasks moved back by themselves",
      (facts) => {
        facts.after[0] = facts.worker;
      },
      "nothing moves back when the zone does",
    ],
    ...quorumCases,
  ]);
});
