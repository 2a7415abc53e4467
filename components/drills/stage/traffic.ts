/** The writers of a drill, and the watch over what a user of the lab would see meanwhile. */
export interface StageTraffic {
  /** Starts a writer on every manager, and the watch over leader, replicas and requests; waits until all write. */
  startTraffic(): Promise<void>;
  /** Waits until this many more writes are acknowledged. */
  moreWrites(count: number, seconds: number): Promise<void>;
  /** Stops the writers and reads what is there through every manager. */
  endTraffic(): Promise<void>;
}
