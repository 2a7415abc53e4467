import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Holder, isDead, processStart } from "../setup/lock.ts";
import { missing } from "./missing.ts";

/** File of a partial folder that says which process writes it. */
export const WRITER = ".writer";

/** A partial folder that does not say who writes it was made this very moment, or is left over. */
const NAMELESS_SECONDS = 60;

/** Says in a partial folder that this process writes it. */
export async function signAsWriter(folder: string): Promise<void> {
  const started = (await processStart(process.pid)) ?? "";
  const writer: Holder = { pid: process.pid, started, host: hostname() };
  await writeFile(join(folder, `${WRITER}.new`), JSON.stringify(writer), { mode: 0o600 });
  await rename(join(folder, `${WRITER}.new`), join(folder, WRITER));
}

/** Whether nobody writes a partial folder any more: its writer is gone, or it has had none for a while. */
export async function abandoned(folder: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, WRITER), "utf8").catch((error) => {
      if (missing(error)) return "";
      throw error;
    });
    if (text !== "") return await isDead(JSON.parse(text) as Holder, hostname(), processStart);
    const { mtimeMs } = await stat(folder);
    return Date.now() - mtimeMs > NAMELESS_SECONDS * 1000;
  } catch (error) {
    if (missing(error)) return false; // whoever wrote it has just committed or discarded it
    throw error;
  }
}
