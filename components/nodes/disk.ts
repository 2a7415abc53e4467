import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LABEL_LAB } from "../labels.ts";
import { capture } from "../process.ts";
import { type ExecOptions, NodeCommandError } from "./exec.ts";
import type { NodeHandle } from "./types.ts";

type Machine = Pick<NodeHandle, "name" | "connection">;

/**
 * The local argument list that runs a POSIX shell on a node's disk while its engine is off; the script follows as the last
 * argument. A container that is stopped runs nothing, so a helper from the same image borrows its volumes, without a
 * network: what is on that disk must not speak to anybody.
 */
async function shellOnDisk(node: Machine): Promise<string[]> {
  const { engine, container } = node.connection;
  const format = `{{.Image}} {{index .Config.Labels "${LABEL_LAB}"}}`;
  const found = await capture("docker", [
    ...["--host", engine, "container", "inspect", "--format", format, container],
  ]);
  if (found.code !== 0) throw new NodeCommandError(node.name, "finding its disk", found);
  const [image = "", lab = ""] = found.stdout.trim().split(" ");
  return [
    ...["docker", "--host", engine, "container", "run", "--rm", "--interactive"],
    ...["--volumes-from", container, "--network", "none", "--label", `${LABEL_LAB}=${lab}`],
    ...["--entrypoint", "sh", image, "-euc"],
  ];
}

/** Runs a script on the disk of a node whose engine is off and returns what it said; a failure is an error. */
export async function onDisk(
  node: Machine,
  what: string,
  script: string,
  options: Pick<ExecOptions, "stdin" | "timeout"> = {},
): Promise<string> {
  const [command = "", ...args] = [...(await shellOnDisk(node)), script];
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

/** The standard output of a script on a node's disk, as it comes. `shell` may be that of a running node (`shellOn`). */
export async function readFrom(
  node: Machine,
  what: string,
  script: string,
  shell?: readonly string[],
): Promise<DiskRead> {
  const [command = "", ...args] = [...(shell ?? (await shellOnDisk(node))), script];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const done = ended(node, what, child);
  done.catch(() => undefined); // said by whoever awaits it
  return { stream: child.stdout, done };
}

/** Feeds a stream to a script on a node's disk and returns when the script has ended well. */
export async function writeTo(
  node: Machine,
  what: string,
  script: string,
  source: Readable,
  shell?: readonly string[],
): Promise<void> {
  const [command = "", ...args] = [...(shell ?? (await shellOnDisk(node))), script];
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"] });
  const done = ended(node, what, child);
  // The script's own failure says more than the broken pipe it leaves.
  const [fed, ran] = await Promise.allSettled([pipeline(source, child.stdin), done]);
  if (ran.status === "rejected") throw ran.reason;
  if (fed.status === "rejected") throw fed.reason;
}
