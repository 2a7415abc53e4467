import { describe } from "vitest";
import { failedUpdate } from "../../components/drills/catalogue/failed-update.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { fewAsk, noneFails, oneFails } from "./drill-load-changes.ts";

const SICK = "a release that is never healthy goes back by itself";
const TRIED = "its bad tasks were tried, and none is left";
const NONE = "no request to it failed meanwhile";
const LATE = "and dies, with nothing that would go back";
const GOOD = "every task runs the good release, by the nodes' own word";

describe("the judge of failed-update", () => {
  judgeTests(failedUpdate, [
    [
      "the sick release was taken for good",
      (facts) => {
        Object.assign(facts.updated.sick, { update: "completed", image: facts.bad.sick });
      },
      SICK,
    ],
    [
      "it went back in words only",
      (facts) => {
        facts.updated.sick.image = facts.bad.sick;
      },
      SICK,
    ],
    [
      "no bad task was ever started",
      (facts) => {
        facts.sickTasks = facts.sickTasks.filter(
          ({ image }: { image: string }) => image !== facts.bad.sick,
        );
      },
      TRIED,
    ],
    [
      "a bad task is wanted still",
      (facts) => {
        for (const task of facts.sickTasks) task.desired = "running";
      },
      TRIED,
    ],
    ["a request failed", oneFails("-sick"), NONE],
    ["there were too few requests", fewAsk("-sick"), NONE],
    [
      "the default went back by itself",
      (facts) => {
        Object.assign(facts.updated.paused, { update: "rollback_completed", image: facts.good });
      },
      "by default the update only stops, half done",
    ],
    [
      "the default monitor saw the late death",
      (facts) => {
        Object.assign(facts.updated.late, { update: "rollback_completed", image: facts.good });
      },
      "a release that dies later than it is watched counts as good",
    ],
    [
      "the late release never died",
      (facts) => {
        for (const task of facts.lateTasks) task.state = "running";
      },
      LATE,
    ],
    [
      "something brought it back",
      (facts) => {
        facts.lateService.update = "rollback_started";
      },
      LATE,
    ],
    ["nobody noticed its death", noneFails("-late"), "its users notice"],
    [
      "the longer watch was for nothing",
      (facts) => {
        Object.assign(facts.updated.watched, { update: "completed", image: facts.bad.watched });
      },
      "watched for longer, it goes back by itself",
    ],
    [
      "nobody told the others to go back",
      (facts) => {
        facts.repaired = {};
      },
      "the others go back when they are told",
    ],
    [
      "one of them got stuck",
      (facts) => {
        facts.repaired.late.update = "rollback_paused";
      },
      "the others go back when they are told",
    ],
    [
      "a node runs the bad release still",
      (facts) => {
        facts.images.late = [facts.bad.late];
      },
      GOOD,
    ],
    [
      "a task is missing",
      (facts) => {
        facts.images.sick.pop();
      },
      GOOD,
    ],
  ]);
});
