import { spawn } from "node:child_process";
import { once } from "node:events";
import { UserError } from "../../components/errors.ts";
import { failureOf } from "../../components/nodes/aws/instance-options.ts";
import { isContainer } from "../../components/nodes/container.ts";
import { quoted } from "../../components/nodes/quote.ts";
import { sshOptions } from "../../components/nodes/shell.ts";
import type { ReachableNode } from "./describe.ts";
import { namedNodes } from "./named-node.ts";

/** A login shell: bash where the node has it. */
const LOGIN = ["sh", "-c", "command -v bash >/dev/null && exec bash -l; exec sh -l"];

/**
 * Runs a command (default: a login shell) on a node and returns its exit code. The terminal is passed on when there
 * is one. Throws a UserError that lists the nodes when there is no such node.
 */
export async function shell(
  stack: string,
  name: string,
  command: readonly string[],
): Promise<number> {
  const { nodes, containers } = await namedNodes(stack, [name]);
  const [node] = nodes;
  if (node === undefined) throw new Error("one name stands for one node");
  if (!isContainer(node)) return overSsh(node, command);
  const { container, engine: host } = node.connection;
  const found = containers.find((candidate) => candidate.name === container);
  if (found?.state !== "running") {
    const state = found?.state ?? "missing";
    throw new UserError(
      `node ${name}: got ${state}, need running; \`npm run start -- ${name}\` starts it`,
    );
  }
  const flags = process.stdin.isTTY && process.stdout.isTTY ? ["-it"] : ["-i"];
  const args = ["--host", host, "exec", ...flags, container, ...(command.length ? command : LOGIN)];
  return run("docker", args);
}

/** On a host; the command is quoted, as what arrives there is one text for a shell. */
async function overSsh({ connection }: ReachableNode, command: readonly string[]): Promise<number> {
  if (connection.kind !== "ssh") throw new Error("a host is reached over SSH");
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["-t"] : [];
  const asRoot = connection.user === "root" ? "" : "sudo -n ";
  const words = command.length > 0 ? command.map(quoted).join(" ") : "bash -l";
  const code = await run("ssh", [
    ...["-F", "/dev/null", ...sshOptions(connection), ...terminal],
    ...[`${connection.user}@${connection.host}`, `${asRoot}${words}`],
  ]);
  if (code === 255) process.stderr.write(failureOf(connection)); // ssh's own: there was no way
  return code;
}

/** Runs a program with this terminal and returns its exit code. */
async function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  // Ctrl-C belongs to what runs on the node; the terminal sends it there by itself.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  const [code] = (await once(child, "close")) as [number | null];
  process.off("SIGINT", ignore);
  return code ?? 130;
}
