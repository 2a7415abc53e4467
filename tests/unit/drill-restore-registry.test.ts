import { describe } from "vitest";
import { restoreRegistry } from "../../components/drills/catalogue/restore-registry.ts";
import { judgeTests } from "./drill-judge-support.ts";

const LOST = "the registry had lost everything";
const PULLED = "each came by its digest, all layers over the network";

describe("the judge of restore-registry", () => {
  judgeTests(restoreRegistry, [
    [
      "the registry had its catalog still",
      (facts) => {
        facts.catalogLost = facts.catalogBefore;
      },
      LOST,
    ],
    [
      "a pull went through all the same",
      (facts) => {
        facts.pullsLost = facts.pulls;
      },
      LOST,
    ],
    [
      "a pull failed for another reason",
      (facts) => {
        facts.pullsLost[0].said = "no basic auth credentials";
      },
      LOST,
    ],
    [
      "the backup has no registry",
      (facts) => {
        facts.manifest.parts = [];
      },
      "the backup names the registry's volume",
    ],
    [
      "a tag is missing",
      (facts) => {
        facts.catalogAfter.app = [];
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
      "a pull failed",
      (facts) => {
        facts.pulls[0].code = 1;
      },
      PULLED,
    ],
    [
      "a layer was there before",
      (facts) => {
        facts.pulls[0].there = 1;
      },
      PULLED,
    ],
    [
      "what was pushed is not to be had",
      (facts) => {
        facts.pulledBack.code = 1;
      },
      "a push works again, and another node pulls it",
    ],
    [
      "something else was pulled than what was pushed",
      (facts) => {
        facts.pulledBack.reference = facts.images[0];
      },
      "a push works again, and another node pulls it",
    ],
    [
      "the drill left its image there",
      (facts) => {
        facts.catalogEnd.app = [...facts.catalogEnd.app, "drill-r1"];
      },
      "the registry is left as it was",
    ],
  ]);
});
