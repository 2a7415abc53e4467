import { describe } from "vitest";
import { restoreAutolocked } from "../../components/drills/catalogue/restore-autolocked.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { RESTORE_CASES } from "./drill-restore-cases.ts";

const TOGETHER = "a quorum from its own backups opens when it is unlocked at once";
const OLD_KEY = "the old key does not open it";

describe("the judge of restore-autolocked", () => {
  judgeTests(restoreAutolocked, [
    ...RESTORE_CASES,
    [
      "the restored manager was not locked",
      (facts) => {
        facts.documented.started = "active";
      },
      "the restored manager starts locked",
    ],
    [
      "a new cluster was forced while it was locked",
      (facts) => {
        facts.documented.forcedLocked = { code: 0, text: "" };
      },
      "a new cluster cannot be forced while it is locked",
    ],
    [
      "unlocking worked",
      (facts) => {
        facts.documented.unlocked = { code: 0, text: "" };
      },
      "the documented way: unlocking never ends",
    ],
    [
      "forcing worked after it",
      (facts) => {
        facts.documented.forced = { code: 0, text: "" };
      },
      "the documented way: forcing a new cluster does not work then either",
    ],
    [
      "its engine stopped by itself",
      (facts) => {
        facts.documented.exitCode = 0;
      },
      "its engine does not stop any more",
    ],
    [
      "the unlock key is the old one",
      (facts) => {
        facts.keys.restored = facts.keys.backup;
      },
      "autolock has a new unlock key",
    ],
    [
      "a restarted manager was open",
      (facts) => {
        facts.restarted.state = "active";
      },
      "a restarted manager is locked",
    ],
    [
      "the old key opened it",
      (facts) => {
        facts.restarted.oldKey = { code: 0, text: "" };
      },
      OLD_KEY,
    ],
    [
      "it was refused for another reason",
      (facts) => {
        facts.restarted.oldKey = { code: 1, text: "cannot connect" };
      },
      OLD_KEY,
    ],
    [
      "the new key did not open it",
      (facts) => {
        facts.restarted.newKey = { code: 124, text: "" };
      },
      "the new key opens it",
    ],
    [
      "its key file is in clear",
      (facts) => {
        facts.restarted.sealed = false;
      },
      "its key file is sealed",
    ],
    [
      "one of the quorum stayed locked",
      (facts) => {
        facts.together.unlocked[1] = { code: 124, text: "" };
      },
      TOGETHER,
    ],
    [
      "one of the quorum was never locked",
      (facts) => {
        facts.together.states[0] = "active";
      },
      TOGETHER,
    ],
    [
      "only one manager was restored",
      (facts) => {
        facts.together.nodes.length = 1;
      },
      TOGETHER,
    ],
    [
      "the quorum is another cluster",
      (facts) => {
        facts.together.after.clusterId = "another";
      },
      "which is the same cluster",
    ],
    [
      "the quorum lost its autolock",
      (facts) => {
        facts.together.after.settings.autolock = false;
      },
      "and has autolock without being told",
    ],
  ]);
});
