import { expect, it } from "vitest";
import { DRILL_NAMES } from "../../components/drills/names.ts";
import { type BadCase, load, refusal, wholeMessage } from "./config-support.ts";

const RUN_ID =
  "a run id of letters, digits and hyphens, at most 40 characters; another one means another run";

const PLACE = "a folder, relative to the project's, or a bucket such as s3://my-backups/labs";

const CASES: readonly BadCase[] = [
  [
    "a drill that does not exist",
    { drills: { backups: "one" } },
    "swarm-lab:drills.backups: got an unknown key, need a known one; did you mean backup?",
  ],
  [
    "a drill that is nothing like one",
    { drills: { xxxxxxxxxx: "one" } },
    `swarm-lab:drills.xxxxxxxxxx: got an unknown key, need one of ${DRILL_NAMES.join(", ")}; remove it`,
  ],
  [
    "a run id with a slash",
    { drills: { backup: "../one" } },
    `swarm-lab:drills.backup: got "../one", need ${RUN_ID}`,
  ],
  [
    "a run id that is a number",
    { drills: { backup: 1 } },
    `swarm-lab:drills.backup: got 1, need ${RUN_ID}`,
  ],
  [
    "a run id that ends with a hyphen",
    { backup: { run: "one-" } },
    `swarm-lab:backup.run: got "one-", need ${RUN_ID}`,
  ],
  [
    "a run id of 41 characters",
    { backup: { run: "r".repeat(41) } },
    `swarm-lab:backup.run: got "${"r".repeat(41)}", need ${RUN_ID}`,
  ],
  [
    "an empty run id",
    { restore: { run: "", from: "a-backup" } },
    `swarm-lab:restore.run: got "", need ${RUN_ID}`,
  ],
  [
    "a list of drills",
    { drills: ["backup"] },
    "swarm-lab:drills: got a list of 1, need a mapping of drill names to run ids",
  ],
  [
    "a restore that does not say from what",
    { restore: { run: "one" } },
    "swarm-lab:restore.from: got nothing, need the backup that run one restores: its name, or the path of its folder; " +
      "`npm run backup -- --list` shows them; remove restore.run to restore nothing",
  ],
  [
    "no backup kept",
    { backup: { keep: 0 } },
    "swarm-lab:backup.keep: got 0, need a whole number from 1 to 1000",
  ],
  [
    "an empty folder of backups",
    { backup: { directory: "" } },
    `swarm-lab:backup.directory: got "", need ${PLACE}`,
  ],
  [
    "a bucket that is none",
    { backup: { directory: "s3://My_Bucket/labs" } },
    `swarm-lab:backup.directory: got "s3://My_Bucket/labs", need ${PLACE}`,
  ],
  [
    "a bucket with a slash too few",
    { backup: { directory: "s3:/my-backups" } },
    `swarm-lab:backup.directory: got "s3:/my-backups", need ${PLACE}`,
  ],
  [
    "a misspelt setting",
    { backup: { kep: 3 } },
    "swarm-lab:backup.kep: got an unknown key, need a known one; did you mean keep?",
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given)).toBe(wholeMessage(message));
});

it("takes a restore that says from what, and a backup to restore later", () => {
  const restore = { run: "one", from: "2026-11-21T10-03-22Z-m2" };
  expect(load({ restore }).config.restore).toEqual(restore);
  expect(load({ restore: { from: restore.from } }).config.restore.run).toBeUndefined();
});

it("takes run ids up to 40 characters, and asks for nothing when nothing is said", () => {
  const drills = { backup: "r".repeat(40), "restore-cluster": "1" };
  expect(load({ drills }).config.drills).toEqual(drills);
  const { backup, restore, drills: none } = load({}).config;
  expect([backup.run, restore.run, none]).toEqual([undefined, undefined, {}]);
});
