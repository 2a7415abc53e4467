import { describe } from "vitest";
import { ghostNodes } from "../../components/drills/catalogue/ghost-nodes.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { told } from "./drill-manager-cases.ts";

describe("the judge of ghost-nodes", () => {
  judgeTests(ghostNodes, [
    [
      "the old entry was gone by itself",
      (facts) => {
        facts.twice = facts.twice.filter((one: { status: string }) => one.status === "Ready");
      },
      "the node that left is listed for ever, beside the one that came",
    ],
    [
      "the swarm does not count it",
      (facts) => {
        facts.counted = facts.nodes;
      },
      "the swarm counts it",
    ],
    ["its name means one node", told("byName", "done: [...]"), "its name means two nodes now"],
    [
      "the new one has the labels",
      (facts) => {
        facts.newLabels = facts.labels;
      },
      "the labels stayed with the old one",
    ],
    ["there were no labels", told("labels", {}), "the labels stayed with the old one"],
    [
      "the living one was removed",
      told("living", "done: x"),
      "the living one cannot be removed by mistake",
    ],
    ["the ghost cannot be removed", told("ghost", "refused"), "the ghost can"],
    [
      "the ghost is there still",
      (facts) => {
        facts.after.push(facts.former);
      },
      "there are as many nodes as machines",
    ],
    [
      "the new one was removed instead",
      (facts) => {
        facts.after = facts.after.filter((one: { name: string }) => one.name !== facts.node);
        facts.after.push(facts.former);
      },
      "there are as many nodes as machines",
    ],
    ["it has no labels", told("labelsAfter", {}), "its labels are back"],
  ]);
});
