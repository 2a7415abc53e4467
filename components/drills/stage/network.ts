import type { NodeHandle } from "../../nodes/types.ts";

/** The wires between the nodes. How commands reach a node is never touched. */
export interface StageNetwork {
  /**
   * Drops every packet between nodes of different groups, both ways, in place of an earlier cut. A node of no group reaches
   * all of them. The end of the drill heals it.
   */
  cut(...groups: readonly (readonly NodeHandle[])[]): Promise<void>;
  /** Lets all packets pass again. */
  heal(): Promise<void>;
  /** Names of the other nodes of the lab that take a connection from this one. */
  reached(from: NodeHandle): Promise<string[]>;
}
