import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pc from "picocolors";
import { type EngineEvent, Progress, type Saying } from "./events.ts";
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

const SILENCE = 10_000;

const paint: Readonly<Record<Saying["kind"], (text: string) => string>> = {
  done: (text) => pc.dim(`  ${text}`),
  failed: (text) => pc.red(`  ${text}`),
  error: (text) => pc.red(`  error: ${text}`),
  warning: (text) => pc.yellow(`  warning: ${text}`),
  info: (text) => text,
};

/** Arguments every operation gets: no questions, no preview before it, events as JSON on stdout. */
async function operationArguments(operation: string, stack: string, extra: readonly string[]) {
  const config = await configArguments(stack);
  return [
    operation,
    "--stack",
    stack,
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--json",
  ].concat(config, extra);
}

/**
 * Runs `pulumi up`, `destroy` or `refresh` on a stack. Says what took a second or more, warnings and errors, and a
 * sign of life when nothing ends for ten seconds; the log has the rest. Pulumi's events also carry debug lines in
 * which secrets may stand in clear: those are dropped here and reach no file.
 */
export async function operate(
  operation: "up" | "destroy" | "refresh",
  stack: string,
  extra: readonly string[] = [],
  say: Report = report,
): Promise<Outcome> {
  const folder = stackFolder(stack);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, `${operation}.log`);
  const file = createWriteStream(log, { mode: 0o600 });
  const start = performance.now();
  const progress = new Progress();
  let last = start;
  const note = (saying: Saying) => {
    file.write(
      `${((performance.now() - start) / 1000).toFixed(1)} ${saying.kind}: ${saying.text}\n`,
    );
    if (!saying.notable) return;
    last = performance.now();
    say(paint[saying.kind](saying.text));
  };
  say(`pulumi ${operation} ...`);
  const beat = setInterval(() => {
    const [first, ...others] = progress.inFlight(performance.now());
    if (performance.now() - last < SILENCE || first === undefined) return;
    last = performance.now();
    say(
      pc.dim(
        `  ${since(start)}: still at ${first}${others.length ? ` and ${others.length} more` : ""}`,
      ),
    );
  }, 1000);
  try {
    const args = await operationArguments(operation, stack, extra);
    const ending = await follow(args, (line, stream) => {
      const event = stream === "stdout" ? parseEvent(line) : undefined;
      if (event) progress.take(event, performance.now()).forEach(note);
      else if (line.trim() !== "") note({ text: line, kind: "info", notable: stream === "stderr" });
    });
    const result =
      ending.code === 0 ? pc.green(since(start)) : pc.red(`failed after ${since(start)}`);
    say(`pulumi ${operation} ... ${result}: ${progress.summary}`);
    const { changes, errors } = progress;
    return { ...ending, seconds: secondsSince(start), changes, errors, log };
  } finally {
    clearInterval(beat);
    await new Promise((resolve) => file.end(resolve));
  }
}

function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}

async function follow(
  args: readonly string[],
  take: (line: string, stream: "stdout" | "stderr") => void,
): Promise<Ending> {
  const child = spawn("pulumi", args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  createInterface({ input: child.stdout }).on("line", (line) => take(line, "stdout"));
  createInterface({ input: child.stderr }).on("line", (line) => take(line, "stderr"));
  return passSignals(child);
}
