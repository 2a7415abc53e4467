import { describe } from "vitest";
import { manualRollback } from "../../components/drills/catalogue/manual-rollback.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { fewAsk, oneFails } from "./drill-load-changes.ts";

const BACK = "a rollback brings the one before back";
const AGAIN = "a rollback of the rollback goes forward again";
const NONE = "no request failed meanwhile";

describe("the judge of manual-rollback", () => {
  judgeTests(manualRollback, [
    [
      "it had been updated before",
      (facts) => {
        facts.first.service.update = "completed";
      },
      "it began with the first release",
    ],
    [
      "one task kept the first release",
      (facts) => {
        facts.second.images[0] = facts.releases[0];
      },
      "the second release runs",
    ],
    [
      "the unwanted release never ran",
      (facts) => {
        facts.third.images = facts.second.images;
      },
      "the unwanted release runs",
    ],
    [
      "nobody rolled back",
      (facts) => {
        facts.back = facts.third;
      },
      BACK,
    ],
    [
      "the swarm says so and the nodes run the unwanted release",
      (facts) => {
        facts.back.images = facts.third.images;
      },
      BACK,
    ],
    [
      "the rollback failed",
      (facts) => {
        facts.back.service.update = "rollback_paused";
      },
      BACK,
    ],
    [
      "a second rollback went to the first release",
      (facts) => {
        facts.again.images = facts.first.images;
      },
      AGAIN,
    ],
    [
      "the client never heard of the second release",
      (facts) => {
        for (const one of facts.load) if (one.version === "2") one.version = "3";
      },
      "the client was answered by every release",
    ],
    ["a request failed", oneFails("-web"), NONE],
    ["there were too few requests", fewAsk("-web"), NONE],
  ]);
});
