import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LABEL_LAB } from "../labels.ts";
import { capture } from "../process.ts";
import { type ExecOptions, NodeCommandError } from "./exec.ts";
import { type NodeShell, shellOn } from "./shell.ts";
import type { ContainerConnection, NodeHandle } from "./types.ts";

type Machine = Pick<NodeHandle, "name" | "connection">;

/** Where a script is to run: on the node itself, or on its disk while its engine is off. */
type Where = "node" | "disk";

/**
 * What runs a script on the disk of a container that is stopped, and so runs nothing: a helper from the same image borrows
 * its volumes, without a network: what is on that disk must not speak to anybody.
 */
async function shellBeside(
  name: string,
  { engine, container }: ContainerConnection,
  script: string,
): Promise<NodeShell> {
  const format = `{{.Image}} {{index .Config.Labels "${LABEL_LAB}"}}`;
  const found = await capture("docker", [
    ...["--host", engine, "container", "inspect", "--format", format, container],
  ]);
  if (found.code !== 0) throw new NodeCommandError(name, "finding its disk", found);
  const [image = "", lab = ""] = found.stdout.trim().split(" ");
  const args = [
    ...["--host", engine, "container", "run", "--rm", "--interactive"],
    ...["--volumes-from", container, "--network", "none", "--label", `${LABEL_LAB}=${lab}`],
    ...["--entrypoint", "sh", image, "-euc", script],
  ];
  return { command: "docker", args, env: {}, header: "" };
}

async function shellAt(
  where: Where,
  { name, connection }: Machine,
  script: string,
): Promise<NodeShell> {
  // A machine of its own runs on when its engine is off.
  return where === "disk" && connection.kind === "container"
    ? shellBeside(name, connection, script)
    : shellOn(connection, script);
}

/** Runs a script on the disk of a node whose engine is off and returns what it said; a failure is an error. */
export async function onDisk(
  node: Machine,
  what: string,
  script: string,
  options: Pick<ExecOptions, "stdin" | "timeout"> = {},
): Promise<string> {
  const { command, args } = await shellAt("disk", node, script);
  const result = await capture(command, args, { timeout: 120_000, ...options });
  if (result.code !== 0) throw new NodeCommandError(node.name, what, result);
  return result.stdout;
}

/** Ends well only with exit code 0: for tar, 1 ("file changed as we read it") is a failure too. */
function ended(node: Machine, what: string, child: ChildProcess): Promise<void> {
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr = `${stderr}${chunk}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new NodeCommandError(node.name, what, { code: code ?? 137, stdout: "", stderr }));
    });
  });
}

/** Something that comes from a node's disk: read `stream` to its end, and then `done` says whether it was whole. */
export interface DiskRead {
  readonly stream: Readable;
  readonly done: Promise<void>;
}

/** The standard output of a script on a node's disk, or on the node while it runs, as it comes. */
export async function readFrom(
  node: Machine,
  what: string,
  script: string,
  where: Where = "disk",
): Promise<DiskRead> {
  const { command, args } = await shellAt(where, node, script);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const done = ended(node, what, child);
  done.catch(() => undefined); // said by whoever awaits it
  return { stream: child.stdout, done };
}

/** Feeds a stream to a script on a node's disk, or on the node while it runs, and returns when the script has ended well. */
export async function writeTo(
  node: Machine,
  what: string,
  script: string,
  source: Readable,
  where: Where = "disk",
): Promise<void> {
  const { command, args } = await shellAt(where, node, script);
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"] });
  const done = ended(node, what, child);
  // The script's own failure says more than the broken pipe it leaves.
  const [fed, ran] = await Promise.allSettled([pipeline(source, child.stdin), done]);
  if (ran.status === "rejected") throw ran.reason;
  if (fed.status === "rejected") throw fed.reason;
}
