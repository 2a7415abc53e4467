import { UserError } from "../../components/errors.ts";
import { runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import {
  type SwarmAddressing,
  type SwarmSettings,
  settingFlags,
} from "../../components/swarm/settings.ts";
import { changeOn } from "./managers.ts";

/** The part of `docker info` that says how the swarm is set. Durations are nanoseconds. */
interface ClusterInfo {
  readonly DefaultAddrPool: readonly string[] | null;
  readonly SubnetSize: number;
  readonly DataPathPort: number;
  readonly Spec: {
    readonly Orchestration: { readonly TaskHistoryRetentionLimit: number };
    readonly Raft: { readonly SnapshotInterval: number };
    readonly Dispatcher: { readonly HeartbeatPeriod: number };
    readonly CAConfig: { readonly NodeCertExpiry: number };
    readonly EncryptionConfig: { readonly AutoLockManagers: boolean };
  };
}

/** Nanoseconds of a Go duration in h, m, s and ms, as the configuration writes them ("2160h0m0s"). */
export function nanoseconds(duration: string): number {
  const units: Record<string, number> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6 };
  let total = 0;
  for (const [, amount = "0", unit = "s"] of duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    total += Math.round(Number(amount) * (units[unit] ?? 0)); // 1.001 * 1e9 is not whole
  }
  return total;
}

/** Whether the running swarm already is as the settings say. */
export function agrees({ Spec: spec }: ClusterInfo, settings: SwarmSettings): boolean {
  return (
    spec.Orchestration.TaskHistoryRetentionLimit === settings.taskHistory &&
    spec.Raft.SnapshotInterval === settings.snapshotInterval &&
    spec.Dispatcher.HeartbeatPeriod === nanoseconds(settings.dispatcherHeartbeat) &&
    spec.CAConfig.NodeCertExpiry === nanoseconds(settings.certExpiry) &&
    spec.EncryptionConfig.AutoLockManagers === settings.autolock
  );
}

/**
 * Brings a running swarm's settings to those of the configuration; changes nothing when they agree. What a swarm is
 * told only at its init cannot be changed: a difference there is refused, since it would silently not happen.
 */
export async function applySettings(
  via: NodeHandle,
  settings: SwarmSettings,
  addressing: SwarmAddressing,
): Promise<void> {
  const format = "docker info --format '{{json .Swarm.Cluster}}'";
  const seen = JSON.parse(await runOn(via, "reading the swarm's settings", format)) as ClusterInfo;
  const pool = `${seen.DefaultAddrPool?.join(",")} size ${seen.SubnetSize}, data path port ${seen.DataPathPort}`;
  const wanted = `${addressing.addressPool} size ${addressing.addressPoolSize}, data path port ${addressing.dataPathPort}`;
  if (pool !== wanted) {
    throw new UserError(
      `swarm-lab:network: got address pool ${wanted}, need ${pool}, which this swarm was made with: ` +
        "both are fixed at swarm init; set them back, or npm run down and up again",
    );
  }
  if (agrees(seen, settings)) return;
  const update = ["docker swarm update", ...settingFlags(settings), ">/dev/null"].join(" ");
  await changeOn(via, "updating the swarm's settings", update);
}
