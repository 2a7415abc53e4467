import { describe } from "vitest";
import { unlockKeyRotation } from "../../components/drills/catalogue/unlock-key-rotation.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { lostWriteCase, quorumCases } from "./drill-manager-cases.ts";

const KEY = "the unlock key is another";
const FILES = "managers that are there seal their key files with it";
const AWAY = "a manager that was off refuses the new key and opens with the old one";
const AGAIN = "once it has heard of the rotation it is the other way round";
const BACKUP = "a backup from before needs the key from before";
const OPENED = { code: 0, text: "" };
const INVALID = { code: 1, text: "swarm could not be unlocked: invalid key provided" };

describe("the judge of unlock-key-rotation", () => {
  judgeTests(unlockKeyRotation, [
    [
      "nothing was rotated",
      (facts) => {
        facts.keys.new = facts.keys.old;
        facts.keys.end = facts.keys.old;
      },
      KEY,
    ],
    [
      "the key is yet another at the end",
      (facts) => {
        facts.keys.end = "another";
      },
      KEY,
    ],
    [
      "a manager kept its old key file",
      (facts) => {
        facts.after[0].version = facts.before[0].version;
      },
      FILES,
    ],
    [
      "a key file is open",
      (facts) => {
        facts.after[1].sealed = false;
      },
      FILES,
    ],
    [
      "no key file was looked at",
      (facts) => {
        facts.after = [];
        facts.before = [];
      },
      FILES,
    ],
    [
      "the manager that was off takes the new key",
      (facts) => {
        facts.away.newKey = OPENED;
      },
      AWAY,
    ],
    [
      "the manager that was off refuses the old key",
      (facts) => {
        facts.away.oldKey = INVALID;
      },
      AWAY,
    ],
    [
      "the manager that was off was not locked",
      (facts) => {
        facts.away.state = "active";
      },
      AWAY,
    ],
    [
      "the old key opens it after the rotation",
      (facts) => {
        facts.again.oldKey = OPENED;
      },
      AGAIN,
    ],
    [
      "the new key does not open it",
      (facts) => {
        facts.again.newKey = INVALID;
      },
      AGAIN,
    ],
    [
      "it was not restarted",
      (facts) => {
        facts.again.state = "active";
      },
      AGAIN,
    ],
    [
      "the old backup opens with the new key",
      (facts) => {
        facts.backup.newKey = OPENED;
      },
      BACKUP,
    ],
    [
      "the old backup refuses the old key",
      (facts) => {
        facts.backup.oldKey = INVALID;
      },
      BACKUP,
    ],
    [
      "unlocking the old backup fails for another reason",
      (facts) => {
        facts.backup.oldKey = { code: 1, text: "swarm is not locked" };
      },
      BACKUP,
    ],
    [
      "the manifest names another key",
      (facts) => {
        facts.backup.key = facts.keys.new;
      },
      "the backup's manifest says which",
    ],
    ...quorumCases,
    lostWriteCase,
  ]);
});
