import { describe } from "vitest";
import { restoreVolume } from "../../components/drills/catalogue/restore-volume.ts";
import { judgeTests } from "./drill-judge-support.ts";

const ELSEWHERE = "started on another node it is healthy, and empty";
const EMPTY = "started at home after the loss it is healthy, and empty";

describe("the judge of restore-volume", () => {
  judgeTests(restoreVolume, [
    [
      "nothing was planted",
      (facts) => {
        facts.planted.files = 0;
      },
      "there was something to lose",
    ],
    [
      "the backup has no such volume",
      (facts) => {
        facts.manifest.parts = [];
      },
      "the backup names the volume and its node",
    ],
    [
      "the task had its data on another node as well",
      (facts) => {
        facts.elsewhere = { ...facts.planted, node: facts.elsewhere.node };
      },
      ELSEWHERE,
    ],
    [
      "it was never started elsewhere",
      (facts) => {
        facts.elsewhere.node = facts.planted.node;
      },
      ELSEWHERE,
    ],
    [
      "the volume was never destroyed",
      (facts) => {
        facts.empty = { ...facts.planted };
      },
      EMPTY,
    ],
    [
      "an empty service was noticed by its health check",
      (facts) => {
        facts.empty.health = "unhealthy";
      },
      EMPTY,
    ],
    [
      "the restored service is healthy and empty",
      (facts) => {
        facts.restored = { ...facts.empty };
      },
      "the content is what it was",
    ],
    [
      "the restored task runs on another node",
      (facts) => {
        facts.restored.node = facts.elsewhere.node;
      },
      "the task runs where the data is",
    ],
  ]);
});
