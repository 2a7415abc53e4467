import type { Stage } from "../../components/drills/stage.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import type { DrillPlaces } from "./places.ts";
import type { Record } from "./record.ts";
import { stageBackups } from "./stage/backups.ts";
import { stageCore } from "./stage/core.ts";
import { Deferred } from "./stage/deferred.ts";
import { stageKeys } from "./stage/keys.ts";
import { stageMachines } from "./stage/machines.ts";
import { stageNetwork } from "./stage/network.ts";
import { stageQuorum } from "./stage/quorum.ts";
import { stageServices } from "./stage/services.ts";
import { stageSwarm } from "./stage/swarm.ts";
import { stageTraffic } from "./stage/traffic.ts";
import { Traffic } from "./traffic.ts";
import { withoutRecovery } from "./without-recovery.ts";

/** The stage of a drill, and what ends it: the traffic, and what the drill has promised to undo. */
export interface LabStage extends Stage {
  readonly traffic: Traffic;
  readonly deferred: Deferred;
}

/**
 * The stage over a lab that stands: every node through its own shell, every machine through its provider. With `recovers` false
 * the drill's recovery is left out.
 */
export function labStage(
  description: LabDescription,
  record: Record,
  places: DrillPlaces,
  { recovers }: { readonly recovers: boolean } = { recovers: true },
): LabStage {
  const deferred = new Deferred(record);
  const real = stageCore({ description, record, places }, deferred);
  const core = recovers ? real : withoutRecovery(real, record);
  const urls = Object.values(description.gateway.apps).flat();
  const traffic = new Traffic(core.managers, urls, record);
  const context = { description, record, places, core };
  return {
    ...{ traffic, deferred },
    ...core,
    ...stageMachines(context),
    ...stageSwarm(context),
    ...stageTraffic(traffic),
    ...stageBackups(context),
    ...stageKeys(context),
    ...stageNetwork(context),
    ...stageQuorum(context),
    ...stageServices(context),
  };
}
