import { describe } from "vitest";
import { registryDown } from "../../components/drills/catalogue/registry-down.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { restartedCase } from "./drill-manager-cases.ts";

const DOWN = "the registry answered, and then nobody";
const TASKS = "tasks that run run on";
const REPLACED = "a task that dies is replaced from the image its node has";
const REFUSED = "a task whose image no node has is refused";

describe("the judge of registry-down", () => {
  judgeTests(registryDown, [
    [
      "the registry still answers",
      (facts) => {
        facts.answerDown = facts.answerBefore;
      },
      DOWN,
    ],
    [
      "it never answered",
      (facts) => {
        facts.answerBefore = facts.answerDown;
      },
      DOWN,
    ],
    restartedCase("tasksDown", TASKS),
    [
      "there were no tasks",
      (facts) => {
        facts.tasksBefore = [];
        facts.tasksDown = [];
      },
      TASKS,
    ],
    [
      "the killed task is in its own place",
      (facts) => {
        facts.replacement = facts.killed;
      },
      REPLACED,
    ],
    [
      "a task of another service took its place",
      (facts) => {
        facts.replacement.service = "edge";
      },
      REPLACED,
    ],
    [
      "it is not known what was killed",
      (facts) => {
        facts.killed.id = "another";
      },
      REPLACED,
    ],
    [
      "the new task starts without the registry",
      (facts) => {
        facts.refused = "Running 1 second ago|";
      },
      REFUSED,
    ],
    [
      "the new task is refused for another reason",
      (facts) => {
        facts.refused = 'Rejected 1 second ago|"invalid mount"';
      },
      REFUSED,
    ],
    [
      "the new task does not start afterwards",
      (facts) => {
        facts.started = facts.refused;
      },
      "it starts by itself once the registry is back",
    ],
    [
      "the registry lost an image",
      (facts) => {
        facts.after = {};
      },
      "the registry has what it had",
    ],
  ]);
});
