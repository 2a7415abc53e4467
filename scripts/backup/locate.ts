import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isBucketUrl } from "../../components/backup/bucket-url.ts";
import { isBackupName, MANIFEST } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { DirectoryPlace, PARTIAL } from "./directory-place.ts";
import { missing } from "./missing.ts";
import type { BackupPlace } from "./place.ts";
import { placeAt } from "./place-at.ts";

/**
 * Finds the backup that a person means by the folder of one, a file in it, its URL in a bucket, or its name in the default
 * place. Throws a
 * UserError that lists what is there. That the backup is whole is for `verifyBackup` to say.
 */
export async function locate(
  text: string,
  standard: BackupPlace,
): Promise<{ place: BackupPlace; name: string }> {
  if (isBackupName(text) && (await standard.exists(text))) return { place: standard, name: text };
  if (isBucketUrl(text)) {
    const url = text.replace(/\/+$/, "");
    // Nothing is written where a backup is only read.
    const [place, name] = [placeAt(dirname(url), standard.where), basename(url)];
    if (isBackupName(name) && (await place.exists(name))) return { place, name };
  }
  const found = await stat(text).catch((error) => {
    if (missing(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  });
  if (found !== undefined) {
    const folder = resolve(found.isDirectory() ? text : dirname(text));
    const name = basename(folder);
    if (name.startsWith(PARTIAL)) {
      const need = "a complete one: the folder is of a backup that was not finished";
      throw new UserError(`${text}: got half a backup, need ${need}`);
    }
    if (isBackupName(name) || existsSync(join(folder, MANIFEST)))
      return { place: new DirectoryPlace(dirname(folder)), name };
  }
  const names = (await standard.list()).reverse();
  const more = names.length > 10 ? ` and ${names.length - 10} older ones` : "";
  const there = names.length === 0 ? "none" : `${names.slice(0, 10).join(", ")}${more}`;
  const got = found === undefined ? "nothing there" : `no ${MANIFEST} in it`;
  throw new UserError(
    `${text}: got ${got}, need a backup: its folder, a file in it, or its name; in ${standard.where} there is: ${there}`,
  );
}
