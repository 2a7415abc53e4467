import { describe } from "vitest";
import { pendingTasks } from "../../components/drills/catalogue/pending-tasks.ts";
import { judgeTests } from "./drill-judge-support.ts";

const LABEL = "a label that no node has: the task waits, and says why only itself";
const MEMORY = "more memory than there is: the task waits, and says why only itself";
const EVENTS = "the events tell that the services were made, and nothing of the wait";
const PLACED = "the label lets the very task run that waited";
const FITS = "a reservation that fits runs at once";

describe("the judge of pending-tasks", () => {
  judgeTests(pendingTasks, [
    [
      "the task found a node all the same",
      (facts) => {
        Object.assign(facts.constraint.tasks[0], { state: "running", node: "w1", error: "" });
      },
      LABEL,
    ],
    [
      "it waits for another reason",
      (facts) => {
        facts.constraint.tasks[0].error = facts.memory.tasks[0].error;
      },
      LABEL,
    ],
    [
      "a container of it runs somewhere",
      (facts) => {
        facts.constraint.containers = [{}];
      },
      LABEL,
    ],
    [
      "the list of services says that it runs",
      (facts) => {
        facts.memory.list = "1/1";
      },
      MEMORY,
    ],
    [
      "there was no task at all",
      (facts) => {
        facts.memory.tasks = [];
      },
      MEMORY,
    ],
    [
      "no event was heard, so that none could have told",
      (facts) => {
        facts.events = [];
      },
      EVENTS,
    ],
    [
      "an event tells of the wait",
      (facts) => {
        facts.events.push('{"Type":"service","Action":"pending"}');
      },
      EVENTS,
    ],
    [
      "the task went to another node than the one with the label",
      (facts) => {
        facts.placed.constraint[0].node = "w9";
      },
      PLACED,
    ],
    [
      "it was another task",
      (facts) => {
        facts.placed.constraint[0].id = "another";
      },
      PLACED,
    ],
    [
      "it waits still with a reservation that fits",
      (facts) => {
        facts.placed.memory[0].state = "pending";
      },
      FITS,
    ],
  ]);
});
