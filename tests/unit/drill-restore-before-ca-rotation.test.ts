import { describe } from "vitest";
import { restoreBeforeCaRotation } from "../../components/drills/catalogue/restore-before-ca-rotation.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase, quorumCases, restartedCase } from "./drill-manager-cases.ts";

const GONE = "every manager had lost the swarm";
const LIST = "which the manager's list shows";
const TASKS = "its tasks run on";
const BACK = "having left and joined, each is there as another node";
const CERTIFICATES = "every certificate comes from the root CA that its node trusts";

describe("the judge of restore-before-ca-rotation", () => {
  judgeTests(restoreBeforeCaRotation, [
    [
      "the root CA was not rotated",
      (facts) => {
        facts.rotatedCa = facts.manifest.fingerprint.caFingerprint;
      },
      "the root CA was rotated after the backup",
    ],
    [
      "a manager had not lost the swarm",
      (facts) => {
        facts.gone[0] = "m1 active";
      },
      GONE,
    ],
    [
      "a manager was not asked",
      (facts) => {
        facts.gone.pop();
      },
      GONE,
    ],
    [
      "the rotated root CA came back",
      (facts) => {
        facts.restoredCa = facts.rotatedCa;
      },
      "the backup brings its root CA back",
    ],
    [
      "a worker came back by itself",
      (facts) => {
        facts.restored.missingWorkers = ["w1"];
      },
      "no worker comes back to it",
    ],
    [
      "the list calls a worker Ready",
      (facts) => {
        facts.entries.w1 = ["abc Ready"];
      },
      LIST,
    ],
    [
      "the list does not have a worker",
      (facts) => {
        facts.entries.w2 = [];
      },
      LIST,
    ],
    [
      "a worker says that something is wrong",
      (facts) => {
        facts.opinions.w1.info = "error x509";
      },
      "and the worker itself does not",
    ],
    [
      "a worker is out for another reason",
      (facts) => {
        facts.opinions.w2.log = "connection refused";
      },
      "only the log of its engine says why",
    ],
    restartedCase("containersCut", TASKS),
    [
      "there were no tasks",
      (facts) => {
        facts.containersBefore = [];
        facts.containersCut = [];
      },
      TASKS,
    ],
    [
      "a worker is not back",
      (facts) => {
        facts.entriesAfter = facts.entries;
      },
      BACK,
    ],
    [
      "a ghost of a worker is left",
      (facts) => {
        facts.entriesAfter.w1 = [...facts.entries.w1, ...facts.entriesAfter.w1];
      },
      BACK,
    ],
    [
      "a worker lacks its labels",
      (facts) => {
        for (const node of facts.nodesAfter) node.labels = {};
      },
      "with the labels and availability it had",
    ],
    [
      "a worker has a certificate of the other root CA",
      (facts) => {
        facts.certificates.at(-1).verified = false;
      },
      CERTIFICATES,
    ],
    [
      "a node was not asked",
      (facts) => {
        facts.certificates.pop();
      },
      CERTIFICATES,
    ],
    ...quorumCases,
    lostWriteCase,
  ]);
});
