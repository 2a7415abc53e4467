import type { NodeHandle } from "../../nodes/types.ts";

/** The writers of a drill, and the watch over what a user of the lab would see meanwhile. */
export interface StageTraffic {
  /**
   * Starts a writer on every manager, and the watch over leader, replicas and requests; waits until all write. `managers`:
   * those of another swarm than the lab's, of which no requests are asked; its drill has to end the traffic itself.
   */
  startTraffic(managers?: readonly NodeHandle[]): Promise<void>;
  /** Waits until this many more writes are acknowledged. */
  moreWrites(count: number, seconds: number): Promise<void>;
  /** Stops the writers and reads what is there through every manager. */
  endTraffic(): Promise<void>;
}
