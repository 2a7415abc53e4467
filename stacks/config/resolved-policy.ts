/** How a service's tasks are replaced: on an update, on its rollback, and when one of them ends. */
export interface Update {
  /** Tasks replaced at once; 0: all of them. */
  readonly parallelism: number;
  readonly delay: string;
  readonly failureAction: "pause" | "continue" | "rollback";
  /** How long after a task's start its failure still counts as the update's. */
  readonly monitor: string;
  /** 0 to 1. */
  readonly maxFailureRatio: number;
  readonly order: "start-first" | "stop-first";
}

export interface Rollback extends Omit<Update, "failureAction"> {
  readonly failureAction: "pause" | "continue";
}

export interface Restart {
  readonly condition: "any" | "on-failure" | "none";
  readonly delay: string;
  /** 0: without end. */
  readonly maxAttempts: number;
  /** Time over which attempts are counted; "0s": since the task's first start. */
  readonly window: string;
}
