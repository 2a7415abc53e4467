import { describe } from "vitest";
import { registryGc } from "../../components/drills/catalogue/registry-gc.ts";
import { judgeTests } from "./drill-judge-support.ts";

const PUSHED = "collected while the registry runs: a push of the same image is well received";
const GONE = "and the image is not there";
const RESTARTED = "after a restart the same push brings it back";
const SPACE = "collected while the registry is off: the space is free again";
const EACH = "each comes by its digest";

describe("the judge of registry-gc", () => {
  judgeTests(registryGc, [
    [
      "the image was never there",
      (facts) => {
        facts.pulledBefore.code = 1;
      },
      "the image was there",
    ],
    [
      "the image was pulled from the node itself",
      (facts) => {
        facts.pulledBefore.there = facts.pulledBefore.pulled;
        facts.pulledBefore.pulled = 0;
      },
      "the image was there",
    ],
    [
      "there was no garbage",
      (facts) => {
        facts.dryRun.text = "10 blobs marked, 0 blobs and 0 manifests eligible for deletion";
      },
      "a dry run says what would go",
    ],
    [
      "the collector failed",
      (facts) => {
        facts.collected.code = 1;
      },
      PUSHED,
    ],
    [
      "the push is refused",
      (facts) => {
        facts.pushed = { code: 1, text: "denied" };
      },
      PUSHED,
    ],
    [
      "the image can be pulled all the same",
      (facts) => {
        facts.pulledAfter = facts.pulledBefore;
      },
      GONE,
    ],
    [
      "the pull fails for another reason",
      (facts) => {
        facts.pulledAfter.said = "connection refused";
      },
      GONE,
    ],
    [
      "a restart does not help",
      (facts) => {
        facts.pulledRestarted = facts.pulledAfter;
      },
      RESTARTED,
    ],
    [
      "no space is freed",
      (facts) => {
        facts.size.after = facts.size.with;
      },
      SPACE,
    ],
    [
      "the image took no space",
      (facts) => {
        facts.size.with = facts.size.before;
      },
      SPACE,
    ],
    [
      "a repository is gone",
      (facts) => {
        facts.after = {};
      },
      "repositories and tags are what they were",
    ],
    [
      "an image was not asked for",
      (facts) => {
        facts.pulls = [];
      },
      "every image that a service uses was asked for",
    ],
    [
      "an image of a service was collected",
      (facts) => {
        facts.pulls[0].code = 1;
      },
      EACH,
    ],
  ]);
});
