import type { SpawnOptions } from "node:child_process";
import { x } from "tinyexec";

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. */
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
    // A command that ends without reading its input (EPIPE) has its say through its exit code.
    child.process?.stdin?.on("error", () => {});
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
