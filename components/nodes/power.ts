import { hostSwitch } from "./hosts/power.ts";
import { containerSwitch } from "./local/power.ts";
import type { NodeHandle } from "./types.ts";

type Machine = Pick<NodeHandle, "name" | "connection">;

/**
 * What is known of a node's engine from outside: whether it runs, and, being off, that it cannot answer anybody. Of a
 * machine that nobody reaches nothing is known: it may speak to others.
 */
export type EnginePower = "on" | "off" | "frozen" | "missing" | "unknown";

/** How a kind of machine is switched. */
export interface EngineSwitch {
  power(): Promise<EnginePower>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** What the engine said last, as it is; of an engine that is off as well. */
  log(lines: number): Promise<string>;
  /** With which code it ended last: 0 for a clean stop, 137 when it had to be killed; NaN when nobody knows. */
  exitCode(): Promise<number>;
}

function switchOf({ name, connection }: Machine): EngineSwitch {
  switch (connection.kind) {
    case "container":
      return containerSwitch(name, connection);
    case "ssh":
      return hostSwitch(name, connection);
  }
}

/** Whether a node's engine runs. */
export const enginePower = (node: Machine): Promise<EnginePower> => switchOf(node).power();

/** Stops a node's engine cleanly: it writes its log and leaves. Returns when it is off. One that is frozen goes on first. */
export const stopEngine = (node: Machine): Promise<void> => switchOf(node).stop();

/** Takes the power from a node's engine: nothing is written any more. Returns when it is off. */
export async function killEngine(node: Machine): Promise<void> {
  if ((await enginePower(node)) !== "on") return stopEngine(node);
  await switchOf(node).kill();
}

/** Starts a node's engine where it was stopped, with the same address and data. Does not wait until it answers. */
export const startEngine = (node: Machine): Promise<void> => switchOf(node).start();

/** Freezes all of the engine's processes at once, and lets them go on. */
export const freezeEngine = (node: Machine): Promise<void> => switchOf(node).freeze();

export const thawEngine = (node: Machine): Promise<void> => switchOf(node).thaw();

/** The last lines of what the engine said. */
export const engineLog = (node: Machine, lines: number): Promise<string> =>
  switchOf(node).log(lines);

/** With which code the engine ended last. */
export const engineExitCode = (node: Machine): Promise<number> => switchOf(node).exitCode();
