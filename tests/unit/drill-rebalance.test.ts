import { describe } from "vitest";
import { rebalance } from "../../components/drills/catalogue/rebalance.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { fewAsk, oneFails } from "./drill-load-changes.ts";

const TIME = "the swarm had time to move something, and restarted nothing";
const NONE = "no request failed meanwhile";

describe("the judge of rebalance", () => {
  judgeTests(rebalance, [
    [
      "it began unevenly",
      (facts) => {
        facts.before = facts.drained;
      },
      "it began evenly",
    ],
    [
      "nobody drained the node",
      (facts) => {
        facts.drained = facts.before;
      },
      "drained, the node has none",
    ],
    [
      "a task came back by itself",
      (facts) => {
        facts.returned = facts.scaled;
      },
      "back again, it gets none by itself",
    ],
    [
      "it was looked at too soon",
      (facts) => {
        facts.watched = 1;
      },
      TIME,
    ],
    [
      "its tasks were started anew",
      (facts) => {
        facts.returned.ids[0] = "another";
      },
      TIME,
    ],
    [
      "scaling moved nothing",
      (facts) => {
        facts.scaled = facts.returned;
      },
      "one task more and one less moves one",
    ],
    [
      "scaling restarted the others",
      (facts) => {
        facts.scaled.ids = facts.forced.ids;
      },
      "and restarts no other",
    ],
    [
      "nobody forced the update",
      (facts) => {
        facts.forced = facts.scaled;
      },
      "a forced update spreads them",
    ],
    [
      "a container lived through it",
      (facts) => {
        facts.forced.ids[0] = facts.scaled.ids[0];
      },
      "at the price of every container",
    ],
    ["a request failed", oneFails("-web"), NONE],
    ["there were too few requests", fewAsk("-web"), NONE],
  ]);
});
