import { describe } from "vitest";
import { volumeMoves } from "../../components/drills/catalogue/volume-moves.ts";
import { judgeTests } from "./drill-judge-support.ts";

const PLANTED = "there was something to lose";
const MOVED = "the task that moves is healthy, and empty";
const STAYED = "it does not go back by itself";
const PENDING = "without its node it waits, and does not start empty elsewhere";

describe("the judge of volume-moves", () => {
  judgeTests(volumeMoves, [
    [
      "nothing was planted",
      (facts) => {
        facts.planted.files = 0;
      },
      PLANTED,
    ],
    [
      "it was planted elsewhere",
      (facts) => {
        facts.planted.node = facts.moved.node;
      },
      PLANTED,
    ],
    [
      "the task did not move",
      (facts) => {
        facts.moved.node = facts.home;
      },
      MOVED,
    ],
    [
      "the data moved with the task",
      (facts) => {
        facts.moved = { ...facts.planted, node: facts.moved.node };
      },
      MOVED,
    ],
    [
      "its health check noticed",
      (facts) => {
        facts.moved.health = "unhealthy";
      },
      MOVED,
    ],
    [
      "it went back by itself",
      (facts) => {
        facts.stayed = facts.planted;
      },
      STAYED,
    ],
    [
      "pinned to its node it is empty",
      (facts) => {
        facts.pinned.sha256 = facts.moved.sha256;
      },
      "pinned to its node it has its data again",
    ],
    [
      "it was never pinned",
      (facts) => {
        facts.pinned = facts.moved;
      },
      "pinned to its node it has its data again",
    ],
    [
      "it starts elsewhere all the same",
      (facts) => {
        facts.pending = ["w1|Running 2 seconds ago|"];
      },
      PENDING,
    ],
    [
      "no task waits",
      (facts) => {
        facts.pending = [];
      },
      PENDING,
    ],
    [
      "it waits for something else",
      (facts) => {
        facts.pending = ["|Pending 2 seconds ago|"];
      },
      PENDING,
    ],
    [
      "its data is gone at the end",
      (facts) => {
        facts.back.sha256 = facts.moved.sha256;
      },
      "with its node it is back, data and all",
    ],
  ]);
});
