import type { ChildProcess, SpawnOptions } from "node:child_process";
import { x } from "tinyexec";

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Milliseconds after which the command is ended and reported as code 124 (default 60 000). */
  readonly timeout?: number;
}

/** Runs a command and returns what it said, whatever its exit code; 127 when there is no such command. */
export async function capture(
  command: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<Captured> {
  const timeout = options.timeout ?? 60_000;
  const start = performance.now();
  const late = () => performance.now() - start >= timeout;
  const tooLate = { code: 124, stdout: "", stderr: `${command}: no answer within ${timeout} ms` };
  const nodeOptions: SpawnOptions = {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  };
  try {
    const child = x(command, [...args], { timeout, stdin: options.stdin ?? "", nodeOptions });
    const { stdout, stderr, exitCode } = await child;
    if (exitCode === undefined && late()) return tooLate;
    return { code: exitCode ?? 1, stdout, stderr };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { code: 127, stdout: "", stderr: `${command}: command not found` };
    if (late()) return tooLate;
    throw error;
  }
}

/** What a command said that a person should read: its last lines on stderr, else on stdout. */
export function said(result: Captured, lines = 5): string {
  const text = result.stderr.trim() || result.stdout.trim() || "no output";
  return text.split("\n").slice(-lines).join("\n");
}

/** How a child ended: its exit code, and whether somebody asked this process to end meanwhile. */
export interface Ending {
  readonly code: number;
  readonly interrupted: boolean;
}

/**
 * Waits for a child that was started with `detached: true`. In a process group of its own Ctrl-C reaches it exactly
 * once: by being passed on here. (Pulumi finishes what is in flight on the first and gives up on the second.)
 */
export async function passSignals(child: ChildProcess): Promise<Ending> {
  let interrupted = false;
  const pass = () => {
    interrupted = true;
    child.kill("SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status, signal) =>
        resolve(status ?? (signal === "SIGKILL" ? 137 : 130)),
      );
    });
    return { code, interrupted };
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}
