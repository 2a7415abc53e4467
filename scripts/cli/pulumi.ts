import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pc from "picocolors";
import { Narrator } from "./narrator.ts";
import { stackFolder } from "./paths.ts";
import { type Report, report, secondsSince, since } from "./report.ts";
import { type Ending, passSignals } from "./run.ts";
import { configArguments } from "./stack-config.ts";

export interface Outcome extends Ending {
  readonly seconds: number;
  readonly changes: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  /** The file that has everything that was said. */
  readonly log: string;
}

export interface OperateOptions {
  readonly extra?: readonly string[];
  readonly say?: Report;
  /** Milliseconds without anything done after which Pulumi is ended: something waits for ever. Default: never. */
  readonly stall?: number;
}

/** Milliseconds Pulumi gets, after it was asked to end, to write its state. */
const LAST_WORDS = 15_000;

/** No questions, no preview before it, events as JSON on stdout. */
const ALWAYS = ["--yes", "--skip-preview", "--non-interactive", "--json"];

async function run(
  args: readonly string[],
  narrator: Narrator,
  stall: number | undefined,
): Promise<Ending> {
  const child = spawn("pulumi", args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  createInterface({ input: child.stdout }).on("line", (line) => narrator.take(line, "stdout"));
  createInterface({ input: child.stderr }).on("line", (line) => narrator.take(line, "stderr"));
  const watch = setInterval(() => {
    if (stall === undefined || narrator.stalled < stall) return;
    clearInterval(watch);
    narrator.note({ text: `nothing done for ${stall / 1000} s`, kind: "error", notable: true });
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), LAST_WORDS).unref();
  }, 1000);
  try {
    return await passSignals(child);
  } finally {
    clearInterval(watch);
  }
}

/**
 * Runs `pulumi up`, `destroy` or `refresh` on a stack, and tells of it: what took a second or more, warnings and
 * errors. Never throws because of what Pulumi did: the exit code says it.
 */
export async function operate(
  operation: "up" | "destroy" | "refresh",
  stack: string,
  { extra = [], say = report, stall }: OperateOptions = {},
): Promise<Outcome> {
  const start = performance.now();
  const folder = stackFolder(stack);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, `${operation}.log`);
  const config = await configArguments(stack);
  say(`pulumi ${operation} ...`);
  const narrator = new Narrator(log, say);
  try {
    const args = [operation, "--stack", stack, ...ALWAYS, ...config, ...extra];
    const ending = await run(args, narrator, stall);
    const { changes, errors, summary } = narrator.progress;
    const good = ending.code === 0;
    const time = good ? pc.green(since(start)) : pc.red(`failed after ${since(start)}`);
    say(`pulumi ${operation} ... ${time}: ${summary}`);
    return { ...ending, seconds: secondsSince(start), changes, errors, log };
  } finally {
    await narrator.end();
  }
}
