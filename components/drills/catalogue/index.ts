import { UserError } from "../../errors.ts";
import type { Drill } from "../drill.ts";
import { allManagersLost } from "./all-managers-lost.ts";
import { autolock } from "./autolock.ts";
import { backup } from "./backup.ts";
import { caRotation } from "./ca-rotation.ts";
import { certificateExpiry } from "./certificate-expiry.ts";
import { clockSkew } from "./clock-skew.ts";
import { configRotation } from "./config-rotation.ts";
import { diskFull } from "./disk-full.ts";
import { drain } from "./drain.ts";
import { engineUpgrade } from "./engine-upgrade.ts";
import { evenManagers } from "./even-managers.ts";
import { failedUpdate } from "./failed-update.ts";
import { followerLoss } from "./follower-loss.ts";
import { fullRestart } from "./full-restart.ts";
import { ghostNodes } from "./ghost-nodes.ts";
import { hotBackup } from "./hot-backup.ts";
import { largeState } from "./large-state.ts";
import { leaderFreeze } from "./leader-freeze.ts";
import { leaderHandover } from "./leader-handover.ts";
import { leaderLoss } from "./leader-loss.ts";
import { managerReplacement } from "./manager-replacement.ts";
import { manualRollback } from "./manual-rollback.ts";
import { nodeReplacement } from "./node-replacement.ts";
import { overlayKeys } from "./overlay-keys.ts";
import { partition } from "./partition.ts";
import { pendingTasks } from "./pending-tasks.ts";
import { promoteDemote } from "./promote-demote.ts";
import { quorumForce } from "./quorum-force.ts";
import { quorumLoss } from "./quorum-loss.ts";
import { rebalance } from "./rebalance.ts";
import { registryDown } from "./registry-down.ts";
import { registryGc } from "./registry-gc.ts";
import { rehearsal } from "./rehearsal.ts";
import { restoreAutolocked } from "./restore-autolocked.ts";
import { restoreBeforeCaRotation } from "./restore-before-ca-rotation.ts";
import { restoreCluster } from "./restore-cluster.ts";
import { restoreNewNode } from "./restore-new-node.ts";
import { restoreOneManager } from "./restore-one-manager.ts";
import { restoreOtherAddress } from "./restore-other-address.ts";
import { restoreRegistry } from "./restore-registry.ts";
import { restoreVolume } from "./restore-volume.ts";
import { rollingUpdate } from "./rolling-update.ts";
import { secretRotation } from "./secret-rotation.ts";
import { splitBrain } from "./split-brain.ts";
import { staleManager } from "./stale-manager.ts";
import { timeTravel } from "./time-travel.ts";
import { tokenRotation } from "./token-rotation.ts";
import { unlockKeyRotation } from "./unlock-key-rotation.ts";
import { volumeMoves } from "./volume-moves.ts";
import { workerLoss } from "./worker-loss.ts";
import { zoneLoss } from "./zone-loss.ts";

/** All drills, in the order in which a person would learn them. */
export const DRILLS: readonly Drill[] = [
  backup,
  hotBackup,
  restoreCluster,
  restoreNewNode,
  restoreOtherAddress,
  restoreAutolocked,
  rehearsal,
  restoreOneManager,
  timeTravel,
  restoreVolume,
  restoreRegistry,
  tokenRotation,
  caRotation,
  unlockKeyRotation,
  autolock,
  volumeMoves,
  followerLoss,
  leaderLoss,
  leaderHandover,
  leaderFreeze,
  promoteDemote,
  ghostNodes,
  pendingTasks,
  certificateExpiry,
  registryDown,
  registryGc,
  evenManagers,
  zoneLoss,
  clockSkew,
  overlayKeys,
  manualRollback,
  fullRestart,
  partition,
  rollingUpdate,
  diskFull,
  largeState,
  quorumForce,
  drain,
  workerLoss,
  configRotation,
  allManagersLost,
  secretRotation,
  managerReplacement,
  restoreBeforeCaRotation,
  failedUpdate,
  rebalance,
  splitBrain,
  staleManager,
  quorumLoss,
  nodeReplacement,
  engineUpgrade,
];

/** The drill of a name, or a UserError that lists them. */
export function drillNamed(name: string): Drill {
  const drill = DRILLS.find((one) => one.name === name);
  if (drill !== undefined) return drill;
  const names = DRILLS.map((one) => one.name).join(", ");
  throw new UserError(`drill: got ${name}, need one of ${names}`);
}
