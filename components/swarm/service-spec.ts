import type * as pulumi from "@pulumi/pulumi";

/** How tasks are replaced, on an update or on its rollback. Durations are Go durations as Go prints them ("1m30s"). */
export interface ReplacementPolicy {
  readonly parallelism: number;
  readonly delay: string;
  readonly failureAction: string;
  readonly monitor: string;
  readonly maxFailureRatio: number;
  readonly order: string;
}

export interface TaskResources {
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

/** What a service is, apart from the objects it refers to. */
export interface ServiceSpec {
  readonly mode: "replicated" | "global";
  readonly replicas: number;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly constraints: readonly string[];
  readonly spread: readonly string[];
  readonly maxReplicasPerNode?: number;
  readonly resources: { readonly limits: TaskResources; readonly reservations: TaskResources };
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly startPeriod: string;
  };
  readonly update: ReplacementPolicy;
  readonly rollback: ReplacementPolicy;
  readonly restart: {
    readonly condition: string;
    readonly delay: string;
    readonly maxAttempts: number;
    readonly window: string;
  };
  readonly stopGracePeriod: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ServiceMount {
  readonly type: "volume" | "bind";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A secret or config as a task sees it. */
export interface MountedObject {
  readonly id: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  readonly target: string;
  /** Permission bits, e.g. 0o444. */
  readonly mode: number;
  /** Owner of the file, for images that do not run as root. */
  readonly uid?: string;
}

export interface ServicePort {
  readonly target: number;
  readonly published: number;
  readonly publishMode: "ingress" | "host";
}

/** The policy of the lab's own services (registry, edge): one task at a time, and back again when the new one fails. */
export const OWN_SERVICE: ServiceSpec = {
  mode: "replicated",
  replicas: 1,
  env: {},
  constraints: [],
  spread: [],
  resources: { limits: {}, reservations: {} },
  update: {
    parallelism: 1,
    delay: "0s",
    failureAction: "rollback",
    monitor: "5s",
    maxFailureRatio: 0,
    order: "stop-first", // both publish a fixed port on the node, which old and new cannot share
  },
  rollback: {
    parallelism: 1,
    delay: "0s",
    failureAction: "pause",
    monitor: "5s",
    maxFailureRatio: 0,
    order: "stop-first",
  },
  restart: { condition: "any", delay: "1s", maxAttempts: 0, window: "0s" },
  stopGracePeriod: "5s",
  labels: {},
};
