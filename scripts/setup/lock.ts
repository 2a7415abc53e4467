import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../cli/report.ts";
import { capture } from "../cli/run.ts";

/** Who holds a lock. `started` tells a process from a later one with the same id. */
export interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

/** What is known of the process that a holder names: when it started, or undefined when there is none. */
export type StartOf = (pid: number) => Promise<string | undefined>;

/**
 * When a process started; undefined when there is no such process, or only a dead one that nobody has waited for. On
 * Linux in clock ticks since boot, from /proc: `ps` works its time out anew each time, and may be a second off.
 */
export const processStart: StartOf = async (pid) => {
  if (existsSync("/proc/self/stat")) {
    const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // The fields after the name, which is in parentheses: the first is the state, the twentieth the start.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return /^[ZX]$/.test(fields[0] ?? "") ? undefined : fields[19];
  }
  const { stdout } = await capture("ps", ["-o", "lstart=", "-p", String(pid)]);
  return stdout.trim() || undefined;
};

/** Whether the holder of a lock is certainly gone. One on another machine is never judged. */
export async function isDead(holder: Holder, here: string, startOf: StartOf): Promise<boolean> {
  if (holder.host !== here) return false;
  const started = await startOf(holder.pid);
  return started === undefined || started !== holder.started;
}

/** Reads a lock's holder; undefined when the lock is gone or its text is no holder's. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT")
      return undefined;
    throw error;
  }
}

/** Takes the lock by linking a complete file to its name, which fails when somebody has it. */
async function take(file: string, holder: Holder): Promise<boolean> {
  // Its own each time: written again under one name it would be emptied while it is the lock.
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(holder));
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}

/** Moves a dead holder's lock aside. Should another have taken the lock meanwhile, it gets it back. */
async function breakLock(file: string, dead: Holder): Promise<void> {
  const aside = `${file}.dead.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const found = await readHolder(aside);
  if (found && (found.pid !== dead.pid || found.started !== dead.started))
    await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Runs `work` while holding the lock file. Waits for a living holder, says so once, and breaks a dead one's. */
export async function withLock<T>(
  file: string,
  say: Report,
  work: () => Promise<T>,
  startOf: StartOf = processStart,
): Promise<T> {
  const here = hostname();
  const started = (await startOf(process.pid)) ?? "";
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await take(file, { pid: process.pid, started, host: here }))) {
    const holder = await readHolder(file);
    if (holder && (await isDead(holder, here, startOf))) {
      await breakLock(file, holder);
      continue;
    }
    if (holder && !told) say(`set-up: waiting for the one of process ${holder.pid} to end`);
    told ||= holder !== undefined;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
