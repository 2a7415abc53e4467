import type { Restart, Rollback, Update } from "./resolved-policy.ts";

/** A port, or "auto": the first free one of `portCandidates`. */
export type PortChoice = number | "auto";
export type Labels = Readonly<Record<string, string>>;

/** One service of a lab. */
export interface ServiceSettings {
  /** "app", the image the lab builds, or any image reference. */
  readonly image: string;
  readonly mode: "replicated" | "global";
  /** Tasks wanted; 1 and of no meaning when `mode` is "global". */
  readonly replicas: number;
  /** Replaces the image's entry point; absent: the image's own. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Labels;
  readonly ports: readonly PublishedPort[];
  /** Keys of `network.overlays`, at least one. */
  readonly networks: readonly string[];
  readonly constraints: readonly string[];
  /** What to spread tasks over, e.g. "node.labels.zone". */
  readonly spread: readonly string[];
  readonly maxReplicasPerNode?: number;
  readonly resources: { readonly limits: Resources; readonly reservations: Resources };
  readonly healthcheck?: Healthcheck;
  readonly update: Update;
  readonly rollback: Rollback;
  readonly restart: Restart;
  readonly stopGracePeriod: string;
  readonly secrets: readonly SecretUse[];
  readonly configs: readonly ConfigUse[];
  readonly labels: Labels;
  readonly mounts: readonly VolumeMount[];
}

export interface PublishedPort {
  readonly target: number;
  /** Port on the machine's loopback address, through the gateway. */
  readonly published: PortChoice;
  readonly protocol: "tcp";
}

export interface Resources {
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

export interface Healthcheck {
  /** ["CMD", ...words] or ["CMD-SHELL", line]. */
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly startPeriod: string;
}

/** `target`: a file name under /run/secrets or an absolute path; `mode`: permission bits, e.g. 0o444. */
export interface SecretUse {
  readonly secret: string;
  readonly target: string;
  readonly mode: number;
}

/** `target`: an absolute path in the container. */
export interface ConfigUse {
  readonly config: string;
  readonly target: string;
  readonly mode: number;
}

/** A named volume; each node has its own of that name. */
export interface VolumeMount {
  readonly volume: string;
  readonly target: string;
  readonly readOnly: boolean;
}
