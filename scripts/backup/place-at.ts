import { isBucketUrl } from "../../components/backup/bucket-url.ts";
import { BucketPlace } from "./bucket-place.ts";
import { DirectoryPlace } from "./directory-place.ts";
import type { BackupPlace } from "./place.ts";

/** The place that a path or a URL means. `spool`: folder of this machine where what goes elsewhere is written first. */
export const placeAt = (where: string, spool: string): BackupPlace =>
  isBucketUrl(where) ? new BucketPlace(where, spool) : new DirectoryPlace(where);
