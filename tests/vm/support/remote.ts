import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { ExecOptions } from "../../../components/nodes/exec.ts";
import { shellOn } from "../../../components/nodes/shell.ts";
import type { SshConnection } from "../../../components/nodes/types.ts";
import type { Captured } from "../../../components/process.ts";
import type { Namespace } from "./namespace.ts";

export interface OverOptions extends ExecOptions {
  /** Makes a connection of its own: one that is shared would not look at the host's key again. */
  readonly alone?: boolean;
}

/** Does what `execOn` does, with the same shell, from within a namespace: the test's own process is not in there. */
export async function execOver(
  network: Namespace,
  connection: SshConnection,
  script: string,
  options: OverOptions = {},
): Promise<Captured> {
  const { command, args, env, header } = shellOn(connection, script, options.env);
  // The first mention of an option counts.
  const alone = options.alone ? ["-o", "ControlPath=none"] : [];
  // Three minutes: an emulated machine that starts containers answers late.
  const { stdin = "", timeout = 180_000 } = options;
  return network.run(command, [...alone, ...args], { timeout, env, stdin: `${header}${stdin}` });
}

/** Runs a script with a file of any size and content as its standard input. */
export async function feedOver(
  network: Namespace,
  connection: SshConnection,
  script: string,
  file: string,
): Promise<void> {
  const shell = shellOn(connection, script);
  const input = openSync(file, "r");
  const child = spawn(...network.inside(shell.command, shell.args), {
    stdio: [input, "ignore", "inherit"],
  });
  closeSync(input);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${connection.host}: ${script}: exit code ${code}`);
}
