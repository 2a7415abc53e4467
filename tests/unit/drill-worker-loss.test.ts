import { describe } from "vitest";
import { workerLoss } from "../../components/drills/catalogue/worker-loss.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { noneFails } from "./drill-load-changes.ts";
import { lostWriteCase } from "./drill-manager-cases.ts";

const LISTED = "right after the loss the list of services says that all is well";
const DOWN = "the node is Down after three missed heartbeats, not one";
const ELSEWHERE = "its tasks run elsewhere, by that node's own word";
const TWICE = "no task runs twice";
const BACK = "nothing goes back by itself: they are the same containers";
const AFTER = "afterwards no request fails";

describe("the judge of worker-loss", () => {
  judgeTests(workerLoss, [
    [
      "all tasks were on one node",
      (facts) => {
        facts.before = { [facts.node]: 0, [facts.other]: 4 };
      },
      "its tasks were on both nodes",
    ],
    [
      "the list knew at once",
      (facts) => {
        facts.claimed = "2/4";
      },
      LISTED,
    ],
    [
      "the node was never off",
      (facts) => {
        facts.alive = 4;
      },
      LISTED,
    ],
    [
      "one missed heartbeat was enough",
      (_, { marks, fault }) => {
        marks.down = (fault?.from ?? 0) + 4000;
      },
      DOWN,
    ],
    [
      "nobody noticed for a minute",
      (_, { marks, fault }) => {
        marks.down = (fault?.from ?? 0) + 60_000;
      },
      DOWN,
    ],
    [
      "it was never Down",
      (_, { marks }) => {
        delete marks.down;
      },
      DOWN,
    ],
    [
      "its tasks were not replaced",
      (facts) => {
        facts.replaced = facts.replaced.slice(2);
      },
      ELSEWHERE,
    ],
    [
      "it took minutes",
      (_, { marks, fault }) => {
        marks.replaced = (fault?.from ?? 0) + 90_000;
      },
      ELSEWHERE,
    ],
    [
      "nobody would have noticed",
      noneFails("-web"),
      "its users noticed: the client sees what is broken",
    ],
    [
      "another node came back",
      (facts) => {
        facts.nodeId[1] = "another";
      },
      "the node comes back as the one it was",
    ],
    [
      "an old container runs on beside its replacement",
      (facts) => {
        const [one] = facts.after.filter(({ status }: { status: string }) => status === "running");
        facts.after.push({ ...one, node: facts.node, task: "old" });
      },
      TWICE,
    ],
    [
      "two tasks are wanted for one place",
      (facts) => {
        const [one, two] = facts.listed.filter(
          ({ desired }: { desired: string }) => desired === "running",
        );
        two.slot = one.slot;
      },
      TWICE,
    ],
    [
      "a task went back",
      (facts) => {
        const [one] = facts.after.filter(({ status }: { status: string }) => status === "running");
        Object.assign(one, { node: facts.node, task: "new" });
      },
      BACK,
    ],
    [
      "a request failed afterwards",
      (facts, { fault }) => {
        const last = facts.load.findLast(({ at }: { at: number }) => at > (fault?.to ?? 0));
        last.failed = "connection refused";
      },
      AFTER,
    ],
    [
      "hardly anyone asked afterwards",
      (facts, { fault }) => {
        facts.load = facts.load.filter(({ at }: { at: number }) => at <= (fault?.to ?? 0));
      },
      AFTER,
    ],
    lostWriteCase,
  ]);
});
