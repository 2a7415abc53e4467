import { z } from "zod";
import { DRILL_NAMES } from "../../../components/drills/names.ts";
import { choice, matching, orList, section, text, whole } from "./leaves.ts";

/** What becomes a part of file names and of resource names. */
function runId() {
  return matching(
    /^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$/,
    "a run id of letters, digits and hyphens, at most 40 characters; another one means another run",
    "run id",
  );
}

/** A path, or a bucket's URL: what begins like one and is none would become a folder of that name. */
const BACKUP_PLACE = /^(?!s3:)[^\0]+$|^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.-]+)*\/?$/;
const PLACE = "a folder, relative to the project's, or a bucket such as s3://my-backups/labs";

export const backup = section({
  directory: matching(BACKUP_PLACE, PLACE, "folder or s3:// URL")
    .default("backups")
    .describe(
      "Folder of the backups, or a bucket of S3 (s3://bucket or s3://bucket/folder); those of this lab are in a folder of its name",
    ),
  keys: text("a folder, relative to the project's")
    .default("backup-keys")
    .describe("Folder of the unlock keys, apart from the backups that they open"),
  keep: whole(1, 1000)
    .optional()
    .describe("Good backups kept when a new one is made; left out: all"),
  run: runId().optional().describe("Run id: a new one makes a backup at the next `pulumi up`"),
}).prefault({});

export const restore = section({
  from: text("the name of a backup, or its folder")
    .optional()
    .describe("The backup to restore: its name, or the path of its folder"),
  run: runId().optional().describe("Run id: a new one restores at the next `pulumi up`"),
}).prefault({});

export const drills = z
  .partialRecord(choice(DRILL_NAMES, `drills among ${orList(DRILL_NAMES)}`), runId(), {
    error: ({ code }: { readonly code?: string }) =>
      code === "unrecognized_keys" ? DRILL_NAMES.join(", ") : "a mapping of drill names to run ids",
  })
  .default({})
  .describe("Drills by name, each with a run id: a new one runs it at the next `pulumi up`");
