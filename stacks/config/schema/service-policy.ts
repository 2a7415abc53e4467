import { z } from "zod";
import { choice, section, whole } from "./leaves.ts";
import { duration } from "./quantities.ts";

const ratioNeed = "a number from 0 to 1";

const pace = {
  parallelism: whole(0, 1000).default(1).describe("Tasks replaced at once; 0: all of them"),
  delay: duration().prefault("0s").describe("Pause between two batches"),
  monitor: duration("1ms")
    .optional()
    .describe(
      "How long a new task's failure still counts; left out: 5 s more than the health check needs to fail",
    ),
  maxFailureRatio: z
    .number(ratioNeed)
    .min(0, ratioNeed)
    .max(1, ratioNeed)
    .default(0)
    .describe("Share of tasks that may fail before failureAction"),
};

const order = choice(["start-first", "stop-first"]);

export const update = section({
  ...pace,
  failureAction: choice(["rollback", "pause", "continue"])
    .default("rollback")
    .describe("What a failed update does; Docker's own default is pause"),
  order: order
    .default("start-first")
    .describe("Whether the new task starts before the old one stops"),
}).prefault({});

export const rollback = section({
  ...pace,
  failureAction: choice(["pause", "continue"])
    .default("pause")
    .describe("What a failed rollback does"),
  order: order
    .default("stop-first")
    .describe("Whether the new task starts before the old one stops"),
}).prefault({});

export const restart = section({
  condition: choice(["any", "on-failure", "none"])
    .default("any")
    .describe("Which ended tasks are replaced"),
  delay: duration().prefault("5s").describe("Pause before that"),
  maxAttempts: whole(0, 1_000_000).default(0).describe("How often at most; 0: without end"),
  window: duration().prefault("0s").describe("Time over which attempts are counted; 0s: all of it"),
}).prefault({});
