/** What `docker swarm init` is told, and what can be changed on a running swarm later. */
export interface SwarmSettings {
  readonly autolock: boolean;
  /** Go durations, as the docker CLI takes them. */
  readonly certExpiry: string;
  readonly dispatcherHeartbeat: string;
  readonly taskHistory: number;
  readonly snapshotInterval: number;
}

/** What a swarm is told once, at its init, and never again. */
export interface SwarmAddressing {
  /** CIDR from which overlay networks without a subnet of their own are cut, and the size of a cut. */
  readonly addressPool: string;
  readonly addressPoolSize: number;
  readonly dataPathPort: number;
}

/** Flags that `docker swarm init` and `docker swarm update` share. */
export function settingFlags(settings: SwarmSettings): string[] {
  return [
    `--autolock=${settings.autolock}`,
    `--cert-expiry=${settings.certExpiry}`,
    `--dispatcher-heartbeat=${settings.dispatcherHeartbeat}`,
    `--task-history-limit=${settings.taskHistory}`,
    `--snapshot-interval=${settings.snapshotInterval}`,
  ];
}

/**
 * The command that makes a first manager. Its output holds the worker's join token (and the unlock key when
 * autolock is on), so it is thrown away on the node.
 */
export function initCommand(
  address: string,
  settings: SwarmSettings,
  addressing: SwarmAddressing,
): string {
  return [
    "docker swarm init",
    `--advertise-addr=${address}`,
    `--default-addr-pool=${addressing.addressPool}`,
    `--default-addr-pool-mask-length=${addressing.addressPoolSize}`,
    `--data-path-port=${addressing.dataPathPort}`,
    ...settingFlags(settings),
    ">/dev/null",
  ].join(" ");
}
