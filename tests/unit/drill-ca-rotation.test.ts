import { describe } from "vitest";
import { caRotation } from "../../components/drills/catalogue/ca-rotation.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase, restartedCase } from "./drill-manager-cases.ts";

const HANG = "a rotation does not end while a node is Down";
const TOKENS = "both join tokens are others each time";
const ROOTS = "every node has a certificate of the new root CA";
const TASKS = "no task was restarted";

describe("the judge of ca-rotation", () => {
  judgeTests(caRotation, [
    [
      "the rotation ended with the node Down",
      (facts) => {
        facts.hang.at(-1).inProgress = false;
      },
      HANG,
    ],
    [
      "it was not watched long enough",
      (facts) => {
        facts.hang = facts.hang.slice(0, 1);
      },
      HANG,
    ],
    [
      "nobody looked",
      (facts) => {
        facts.hang = [];
      },
      HANG,
    ],
    [
      "the node that is gone was not what it waited for",
      (facts) => {
        for (const look of facts.hang) look.tls[facts.ghost] = "Ready";
      },
      HANG,
    ],
    [
      "it went on long after the node was removed",
      (facts) => {
        facts.secondsAfterRemoval = 50;
      },
      "it ends when that node is removed",
    ],
    [
      "a rotation of a whole swarm takes long",
      (facts) => {
        facts.secondsWhole = 70;
      },
      "with all nodes there it ends by itself",
    ],
    [
      "the root CA is the old one",
      (facts) => {
        facts.rotated.caFingerprint = facts.before.caFingerprint;
      },
      "the root CA is another each time",
    ],
    [
      "the manager's token is the old one",
      (facts) => {
        facts.again.tokens.manager = facts.rotated.tokens.manager;
      },
      TOKENS,
    ],
    [
      "the worker's token is the old one",
      (facts) => {
        facts.rotated.tokens.worker = facts.before.tokens.worker;
      },
      TOKENS,
    ],
    [
      "the tokens name the old root CA",
      (facts) => {
        facts.caParts[2] = facts.caParts[0];
      },
      "also in the part that names the root CA",
    ],
    [
      "a node has the old root CA",
      (facts) => {
        facts.roots.w1.root = facts.before.caFingerprint;
      },
      ROOTS,
    ],
    [
      "a node's certificate is not from the new root CA",
      (facts) => {
        facts.roots.m2.verified = false;
      },
      ROOTS,
    ],
    [
      "a node was not asked",
      (facts) => {
        delete facts.roots.w2;
      },
      ROOTS,
    ],
    [
      "a node has another id",
      (facts) => {
        facts.again.nodes[0].id = "another";
      },
      "cluster and nodes are what they were",
    ],
    restartedCase("containersAfter", TASKS),
    [
      "there were no tasks",
      (facts) => {
        facts.containersBefore = [];
        facts.containersAfter = [];
      },
      TASKS,
    ],
    lostWriteCase,
  ]);
});
