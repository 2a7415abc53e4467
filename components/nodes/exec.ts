import { type Captured, capture } from "../process.ts";
import { connectTime, failureOf } from "./aws/instance-options.ts";
import { shellOn } from "./shell.ts";
import type { NodeHandle } from "./types.ts";

/** What ssh ends with when there was no way, and what a command counts as that did not end in time. */
const [NO_WAY, LATE] = [255, 124];

export interface ExecOptions {
  /** Text for the command's standard input. Secrets go here or in `env`, never into the arguments. */
  readonly stdin?: string;
  /** Environment of the command on the node; the values do not appear in any argument list. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the command is killed and reported as code 124 (default 60 000). */
  readonly timeout?: number;
}

/** A command that had to succeed on a node did not. Carries the node, the exit code and what it said. */
export class NodeCommandError extends Error {
  override readonly name = "NodeCommandError";
  readonly node: string;
  readonly result: Captured;
  constructor(node: string, what: string, result: Captured) {
    const said = (result.stderr.trim() || result.stdout.trim() || "no output")
      .split("\n")
      .slice(-5);
    super(`${node}: ${what} failed with exit code ${result.code}: ${said.join(" | ")}`);
    this.node = node;
    this.result = result;
  }
}

/**
 * Seconds that a node's engine has to answer a question. Beside this process it takes one; a machine of its own may be small and
 * far away, and each client that a question starts there is a program.
 */
export const answerTime = ({ connection }: Pick<NodeHandle, "connection">): number =>
  connection.kind === "container" ? 5 : 15;

/**
 * Runs a POSIX shell script (`sh -eu`) on a node and returns what it said, whatever its exit code.
 * Throws only when the command cannot be started here at all.
 */
export async function execOn(
  node: Pick<NodeHandle, "connection">,
  script: string,
  options: ExecOptions = {},
): Promise<Captured> {
  const { stdin = "", timeout = 60_000 } = options;
  const { command, args, env, header } = shellOn(node.connection, script, options.env);
  const patience = timeout + connectTime(node.connection);
  const given = { env, stdin: `${header}${stdin}`, timeout: patience };
  const result = await capture(command, args, given);
  // Of a command that ran, it is the command that has something to say.
  if (result.code !== NO_WAY && result.code !== LATE) return result;
  return { ...result, stderr: `${result.stderr}${failureOf(node.connection)}` };
}

/** As `execOn`, but a non-zero exit is an error that names the node and `what` was being done. */
export async function runOn(
  node: Pick<NodeHandle, "name" | "connection">,
  what: string,
  script: string,
  options: ExecOptions = {},
): Promise<string> {
  const result = await execOn(node, script, options);
  if (result.code !== 0) throw new NodeCommandError(node.name, what, result);
  return result.stdout;
}
