import type { StageBackups } from "./stage/backups.ts";
import type { StageCore } from "./stage/core.ts";
import type { StageKeys } from "./stage/keys.ts";
import type { StageMachines } from "./stage/machines.ts";
import type { StageNetwork } from "./stage/network.ts";
import type { StageQuorum } from "./stage/quorum.ts";
import type { StageServices } from "./stage/services.ts";
import type { StageSwarm } from "./stage/swarm.ts";
import type { StageTraffic } from "./stage/traffic.ts";

export type { StagedBackup, StagedRehearsal, StagedRestore } from "./stage/backups.ts";
export type { Look, Phase } from "./stage/core.ts";
export type { StagedKey } from "./stage/keys.ts";
export type { ContainerSeen, ServiceSeen, TaskSeen } from "./stage/services.ts";
export type { TaskContainer } from "./stage/swarm.ts";

/**
 * All that a drill does to a lab goes through its stage, which keeps it as evidence: each command with its node and
 * seconds, each fact by its name, each moment by its mark. A drill acts and keeps facts; judging is another function's.
 */
export interface Stage
  extends StageCore,
    StageMachines,
    StageSwarm,
    StageTraffic,
    StageBackups,
    StageKeys,
    StageNetwork,
    StageQuorum,
    StageServices {}
