import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../../components/errors.ts";
import { backendFolder, lockFolder } from "./paths.ts";
import { listProcesses, orphans, programOf } from "./processes.ts";
import type { Report } from "./report.ts";
import { capture } from "./run.ts";
import { removeTornAttributes } from "./torn-attributes.ts";

/** A lock of Pulumi's file backend: one running operation on a stack. */
const Lock = z.object({ pid: z.number(), hostname: z.string(), timestamp: z.string() });
export type Lock = z.infer<typeof Lock>;

async function readLocks(folder: string): Promise<Lock[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const texts = names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFile(join(folder, name), "utf8").catch(() => ""));
  return (await Promise.all(texts)).flatMap((text) =>
    text === "" ? [] : [Lock.parse(JSON.parse(text))],
  );
}

/** Locks whose holder may still be at work: on another machine, or a living pulumi on this one. */
export async function heldLocks(
  locks: readonly Lock[],
  here: string,
  program: (pid: number) => Promise<string | undefined>,
): Promise<Lock[]> {
  const held = await Promise.all(
    locks.map(async (lock) => lock.hostname !== here || (await program(lock.pid)) === "pulumi"),
  );
  return locks.filter((_, index) => held[index]);
}

/** What all processes of an operation on this stack have in their environment. */
function marks(stack: string): string[] {
  const url = process.env.PULUMI_BACKEND_URL;
  return [`PULUMI_STACK=${stack}`, ...(url ? [`PULUMI_BACKEND_URL=${url}`] : [])];
}

/** Ends what a killed pulumi left running, so that nothing is created behind the back of the next operation. */
export async function endOrphans(stack: string, say: Report): Promise<void> {
  const pids = orphans(await listProcesses(), marks(stack));
  if (pids.length === 0) return;
  say(`heal: ending ${pids.length} processes that a killed pulumi left`);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
    // The engine finishes a request whose client is gone; it takes a moment to show.
    await sleep(300);
  }
}

/**
 * Frees a stack in a file backend from the locks of runs that were killed. Returns whether there were any. A lock whose holder may live
 * is a UserError: two operations at once would spoil the state.
 */
export async function breakLocks(stack: string, say: Report): Promise<boolean> {
  const folder = lockFolder(stack);
  if (folder === undefined) return false;
  const locks = await readLocks(folder);
  if (locks.length === 0) return false;
  const [held] = await heldLocks(locks, hostname(), programOf);
  if (held !== undefined)
    throw new UserError(
      `stack ${stack}: got an operation of process ${held.pid} on ${held.hostname} since ${held.timestamp}, ` +
        `need it to end first; wait for it, or end it with \`kill -INT ${held.pid}\``,
    );
  say(`heal: breaking the lock of a killed pulumi (process ${locks[0]?.pid})`);
  await endOrphans(stack, say);
  await removeTornAttributes(stack, backendFolder());
  const cancelled = await capture("pulumi", ["cancel", "--yes", "--stack", stack]);
  // Without a Pulumi, or with one that cannot read the stack, the lock files are all there is to it.
  if (cancelled.code !== 0) await rm(folder, { recursive: true, force: true });
  return true;
}
