import { describe } from "vitest";
import { autolock } from "../../components/drills/catalogue/autolock.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase, quorumCases, restartedCase } from "./drill-manager-cases.ts";

const LOCKED = "a manager that is restarted is locked and says so";
const WRONG = "a wrong key does not open it";
const CUT = "after the power cut every manager is locked";
const WORKERS = "workers are not";
const ALL = "unlocking all of them opens all";
const TASKS = "no task was restarted";

describe("the judge of autolock", () => {
  judgeTests(autolock, [
    [
      "a manager's key file is open",
      (facts) => {
        facts.keyFiles[1].sealed = false;
      },
      "autolock seals the key files of the managers",
    ],
    [
      "a worker's key file is sealed",
      (facts) => {
        facts.workerKeyFiles[0].sealed = true;
      },
      "and of no worker",
    ],
    [
      "the restarted manager is not locked",
      (facts) => {
        facts.restarted.state = "active";
      },
      LOCKED,
    ],
    [
      "a locked manager answers",
      (facts) => {
        facts.restarted.list = { code: 0, text: "m1 Ready" };
      },
      LOCKED,
    ],
    [
      "any key opens it",
      (facts) => {
        facts.restarted.wrongKey = { code: 0, text: "" };
      },
      WRONG,
    ],
    [
      "the wrong key had no answer",
      (facts) => {
        facts.restarted.wrongKey = { code: 124, text: "" };
      },
      WRONG,
    ],
    [
      "the right key does not open it",
      (facts) => {
        facts.restarted.rightKey = { code: 1, text: "invalid key provided" };
      },
      "the right one does",
    ],
    [
      "a manager came back unlocked",
      (facts) => {
        facts.states[2] = "active";
      },
      CUT,
    ],
    [
      "the API answers all the same",
      (facts) => {
        facts.api.code = 0;
      },
      CUT,
    ],
    [
      "a worker is locked as well",
      (facts) => {
        facts.workers[0] = "locked";
      },
      WORKERS,
    ],
    [
      "no worker was asked",
      (facts) => {
        facts.workers = [];
      },
      WORKERS,
    ],
    [
      "one manager opens alone",
      (facts) => {
        facts.waited = false;
      },
      "unlocking one manager alone waits for a quorum",
    ],
    [
      "a manager was not opened in time",
      (facts) => {
        facts.unlocked[0].code = 124;
      },
      ALL,
    ],
    [
      "one manager was left locked",
      (facts) => {
        facts.unlocked.pop();
      },
      ALL,
    ],
    ...quorumCases,
    [
      "it is another cluster",
      (facts) => {
        facts.clusterIdAfter = "another";
      },
      "the cluster is the same",
    ],
    [
      "autolock is off",
      (facts) => {
        facts.autolockAfter = false;
      },
      "autolock is still on",
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
