import { describe } from "vitest";
import { drain } from "../../components/drills/catalogue/drain.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { fewAsk, noneFails, oneFails } from "./drill-load-changes.ts";

const PAIR = "no request failed where another task was there";
const MOVED = "and no request to it failed";
const ALONE = "a container started by hand runs on";

describe("the judge of drain", () => {
  judgeTests(drain, [
    [
      "both tasks were on one node",
      (facts) => {
        facts.before = facts.drained;
      },
      "the two tasks were on two nodes",
    ],
    [
      "a paused node got a task",
      (facts) => {
        facts.paused = { [facts.node]: 2, [facts.other]: 1 };
      },
      "a paused node keeps its tasks and gets no more",
    ],
    [
      "a paused node lost its task",
      (facts) => {
        facts.paused = facts.drained;
      },
      "a paused node keeps its tasks and gets no more",
    ],
    [
      "nobody drained the node",
      (facts) => {
        facts.drained = facts.paused;
      },
      "drained it has none, and the other node has them all",
    ],
    [
      "the single task is nowhere",
      (facts) => {
        facts.single[facts.other] = 0;
      },
      "the single task is elsewhere too",
    ],
    [
      "a container of a service is left",
      (facts) => {
        facts.left.push("app");
      },
      "no service's container is left on it",
    ],
    [
      "the container started by hand went",
      (facts) => {
        facts.alone[1] = false;
      },
      ALONE,
    ],
    [
      "it never ran",
      (facts) => {
        facts.alone = [false, false];
      },
      ALONE,
    ],
    ["a request to the pair failed", oneFails("-pair"), PAIR],
    ["there were too few requests to the pair", fewAsk("-pair"), PAIR],
    [
      "nobody missed the single task",
      noneFails("-single"),
      "a single task was away: a drain stops first, whatever the update order",
    ],
    [
      "the moved task stayed",
      (facts) => {
        facts.movedTo = facts.movedFrom;
      },
      "it moves off a paused node by an update that starts first",
    ],
    ["a request to the moved task failed", oneFails("-moved"), MOVED],
    ["there were too few requests to it", fewAsk("-moved"), MOVED],
    [
      "a task came back by itself",
      (facts) => {
        facts.active = { [facts.node]: 1, [facts.other]: 2 };
      },
      "active again, it gets nothing back by itself",
    ],
  ]);
});
