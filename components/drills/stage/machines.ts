import type { SparePlace } from "../../nodes/spare.ts";
import type { NodeHandle } from "../../nodes/types.ts";

/** The machines of the nodes: power, disks, and machines that were not there before. */
export interface StageMachines {
  /** A node's machine: stop and start its engine, take its power, wipe its swarm directory. */
  stop(node: NodeHandle): Promise<void>;
  kill(node: NodeHandle): Promise<void>;
  start(node: NodeHandle): Promise<void>;
  wipe(node: NodeHandle): Promise<void>;
  /** Stops all of a node's processes where they are, with its connections open, until it is let go on. */
  freeze(node: NodeHandle): Promise<void>;
  /** Lets a frozen node go on; the end of the drill does it as well. */
  thaw(node: NodeHandle): Promise<void>;
  /** A shell script on the disk of a node whose engine is off. */
  disk(node: NodeHandle, what: string, script: string): Promise<string>;
  /** What the engine of a node said last, for what it says before it dies. */
  engineLog(node: NodeHandle, lines: number): Promise<string>;
  /** A machine such as the node's, off, with an empty disk, and how to be rid of it. The end of the drill removes it too. */
  newMachine(node: NodeHandle, suffix: string, place: SparePlace): Promise<NodeHandle>;
  /** The same beside the node, with the engine of the Debian release before. The first one of a machine takes two minutes. */
  oldMachine(node: NodeHandle, suffix: string): Promise<NodeHandle>;
  /** Gives such a machine, which is off, the engine that the node has, over the same disk. */
  upgrade(spare: NodeHandle, like: NodeHandle): Promise<void>;
  removeMachine(spare: NodeHandle): Promise<void>;
  /** The output of a script on one node, whose engine may run, is the input of one on the disk of another, which is off. */
  carry(from: NodeHandle, read: string, to: NodeHandle, write: string): Promise<void>;
  /** Whether a machine runs. */
  isOn(node: NodeHandle): Promise<boolean>;
  /** With which code the engine of a node ended last: 0 for a clean stop, 137 when it had to be killed. */
  exitCode(node: NodeHandle): Promise<number>;
}
