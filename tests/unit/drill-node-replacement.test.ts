import { describe } from "vitest";
import { nodeReplacement } from "../../components/drills/catalogue/node-replacement.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { fewAsk, oneFails } from "./drill-load-changes.ts";

const REFUSED = "a node is not removed while it is there";
const LIST = "the list has the new node, not the old one, and nothing that is Down";
const LABELS = "the new node is another one, with the old one's labels, role and availability";
const WORK = "it does the old one's work, by its own word";
const NONE = "no request failed meanwhile";

describe("the judge of node-replacement", () => {
  judgeTests(nodeReplacement, [
    [
      "the living node was removed",
      (facts) => {
        facts.refused = { code: 0, said: "" };
      },
      REFUSED,
    ],
    [
      "it was refused for another reason",
      (facts) => {
        facts.refused.said = "no leader";
      },
      REFUSED,
    ],
    [
      "the old node is a ghost",
      (facts) => {
        facts.listed.push(`${facts.old.hostname} Down`);
      },
      LIST,
    ],
    [
      "the new one never joined",
      (facts) => {
        facts.listed = facts.listed.filter((one: string) => !one.startsWith(facts.replacement));
      },
      LIST,
    ],
    [
      "the new one lacks its labels",
      (facts) => {
        for (const node of facts.nodes) if (node.hostname === facts.replacement) node.labels = {};
      },
      LABELS,
    ],
    [
      "there is no new one",
      (facts) => {
        facts.nodes = [];
      },
      LABELS,
    ],
    [
      "its tasks are elsewhere",
      (facts) => {
        for (const one of facts.running) one.node = facts.other;
      },
      WORK,
    ],
    [
      "a task is missing",
      (facts) => {
        facts.running.pop();
      },
      WORK,
    ],
    ["a request failed", oneFails("-web"), NONE],
    ["there were too few requests", fewAsk("-web"), NONE],
    [
      "the old machine came in again",
      (facts) => {
        facts.outcast.said = "";
      },
      "the old machine, started again, is not let in with the identity it had",
    ],
    [
      "the swarm lists it again",
      (facts) => {
        facts.outcast.listed = [...facts.listed, `${facts.old.hostname} Ready`];
      },
      "and the swarm does not list it",
    ],
  ]);
});
