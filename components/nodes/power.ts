import { type Captured, capture } from "../process.ts";
import { NodeCommandError } from "./exec.ts";
import type { NodeHandle } from "./types.ts";

type Machine = Pick<NodeHandle, "name" | "connection">;

/** What is known of a node's engine from outside: whether it runs, and, being off, that it cannot answer anybody. */
export type EnginePower = "on" | "off" | "frozen" | "missing";

/** Seconds an engine has to write its Raft log and leave before it is killed. */
const GRACE = 20;

async function docker(node: Machine, what: string, args: readonly string[]): Promise<Captured> {
  const { engine } = node.connection;
  const result = await capture("docker", ["--host", engine, ...args], {
    timeout: (GRACE + 40) * 1000,
  });
  if (result.code !== 0 && !/No such (container|object)/i.test(result.stderr)) {
    throw new NodeCommandError(node.name, what, result);
  }
  return result;
}

/** Whether a node's engine runs. Where a node is a container, the engine is its main process. */
export async function enginePower(node: Machine): Promise<EnginePower> {
  const { container } = node.connection;
  const args = ["container", "inspect", "--format", "{{.State.Status}}", container];
  const { code, stdout } = await docker(node, "looking at its machine", args);
  if (code !== 0) return "missing";
  const status = stdout.trim();
  if (status === "paused") return "frozen";
  return status === "running" || status === "restarting" ? "on" : "off";
}

/**
 * Stops a node's engine cleanly: it writes its log and leaves. Returns when it is off. One that is frozen goes on first,
 * since stopping a paused container hangs engine 20.10 for good.
 */
export async function stopEngine(node: Machine): Promise<void> {
  if ((await enginePower(node)) === "frozen") await thawEngine(node);
  const args = ["container", "stop", "--time", String(GRACE), node.connection.container];
  await docker(node, "stopping its engine", args);
}

/** Takes the power from a node: nothing is written any more. Returns when it is off. */
export async function killEngine(node: Machine): Promise<void> {
  if ((await enginePower(node)) !== "on") return stopEngine(node);
  await docker(node, "killing its engine", ["container", "kill", node.connection.container]);
}

/** Starts a node's engine where it was stopped, with the same address and data. Does not wait until it answers. */
export async function startEngine(node: Machine): Promise<void> {
  const args = ["container", "start", node.connection.container];
  const { code, stderr } = await docker(node, "starting its engine", args);
  if (code !== 0)
    throw new NodeCommandError(node.name, "starting its engine", { code, stdout: "", stderr });
}

/** Freezes all of a node's processes at once, and lets them go on. */
export async function freezeEngine(node: Machine): Promise<void> {
  await docker(node, "freezing it", ["container", "pause", node.connection.container]);
}

export async function thawEngine(node: Machine): Promise<void> {
  await docker(node, "letting it go on", ["container", "unpause", node.connection.container]);
}
