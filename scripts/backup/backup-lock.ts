import { readFile } from "node:fs/promises";
import { UserError } from "../../components/errors.ts";
import { type Holder, withLock } from "../setup/lock.ts";
import { missing } from "./missing.ts";

/**
 * Runs `work` as the only backup (or restore) that holds the lock file. Another that lives makes it fail at once: to wait
 * for it would be to stop a second engine behind the person's back. A lock whose process is gone is taken over.
 */
export async function withBackupLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = await readHolder(file);
  const fail = () => {
    const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
    const need = `one at a time; wait for it to end, or, if ${holder?.host ?? "its machine"} is gone for good, remove ${file}`;
    throw new UserError(`backup: got one that is running already (${who}), need ${need}`);
  };
  return withLock(file, fail, work);
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch (error) {
    if (missing(error)) return undefined;
    const need = "the lock of a backup, or none; if no backup runs, remove it";
    throw new UserError(`${file}: got ${(error as Error).message}, need ${need}`);
  }
}
