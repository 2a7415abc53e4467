import { describe } from "vitest";
import { restoreNewNode } from "../../components/drills/catalogue/restore-new-node.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { quorumCases } from "./drill-manager-cases.ts";
import { RESTORE_CASES } from "./drill-restore-cases.ts";

const NEWCOMER = "the machine was never in the swarm, and has no image and no volume";

describe("the judge of restore-new-node", () => {
  judgeTests(restoreNewNode, [
    [
      "it was the old machine",
      (facts) => {
        facts.newcomer.name = facts.manifest.node.name;
      },
      NEWCOMER,
    ],
    [
      "it was in a swarm",
      (facts) => {
        facts.newcomer.state = "active";
      },
      NEWCOMER,
    ],
    [
      "it had an image",
      (facts) => {
        facts.newcomer.images = 1;
      },
      NEWCOMER,
    ],
    [
      "it had a volume",
      (facts) => {
        facts.newcomer.volumes = 1;
      },
      NEWCOMER,
    ],
    ...RESTORE_CASES,
    [
      "the entry has the old hostname",
      (facts) => {
        facts.restoredEntry.hostname = facts.manifest.node.name;
      },
      "the old node id has the new machine's hostname",
    ],
    [
      "peers dial it elsewhere",
      (facts) => {
        facts.restoredEntry.managerAddress = "192.0.2.1:2377";
      },
      "its peers dial it where the old one was",
    ],
    [
      "its labels are gone",
      (facts) => {
        facts.restoredEntry.labels = {};
      },
      "labels survive, as they are in the log",
    ],
    [
      "images appeared from nowhere",
      (facts) => {
        facts.imagesAfter = 3;
      },
      "images do not, as they are on the disk",
    ],
    [
      "the stand-in is there still",
      (facts) => {
        facts.home[0].hostname = "m1-new";
      },
      "at the end the lab has its own machines again",
    ],
    ...quorumCases,
    [
      "a write from after the backup is there",
      (_, evidence) => {
        const [from, to] = [evidence.cut?.to ?? 0, evidence.fault?.from ?? 0];
        const late = evidence.operations.find(({ start, end }) => start > from && (end ?? to) < to);
        for (const { values } of evidence.reads) values[late?.name ?? ""] = late?.name ?? "";
      },
      "nothing from after the backup is there",
    ],
  ]);
});
