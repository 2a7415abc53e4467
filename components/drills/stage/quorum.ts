import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";

/** Membership, and what a person does when the quorum is gone for good. `before` is the swarm as it was. */
export interface StageQuorum {
  /**
   * Leads the workers, who look for their managers at random, to the one that will be left, so that it hears all of them
   * before it calls any Down. Until `workersBack`, and at the latest until the end of the drill.
   */
  leadWorkers(survivor: NodeHandle): Promise<void>;
  /**
   * Makes a manager the only one, with the same cluster, node ids, keys and objects. Nothing here looks whether the others
   * are fenced. Without the count of CA rotations `before` had, the forced cluster would begin another rotation.
   */
  force(survivor: NodeHandle, before: SwarmFingerprint): Promise<void>;
  /** Waits until the workers are Ready at it under their old ids; names of those that are not after `seconds` (90). */
  workersBack(
    survivor: NodeHandle,
    before: SwarmFingerprint,
    seconds?: number,
  ): Promise<readonly string[]>;
  /** Removes what the list still has of the other managers; their names. */
  removeGhosts(survivor: NodeHandle, before: SwarmFingerprint): Promise<readonly string[]>;
  /**
   * Lets a node that is in no swarm join, and leaves in the list whatever an earlier life of it left there; `rejoin` removes
   * that first, as one should. `among`: managers of another swarm than the lab's.
   */
  joinBeside(
    node: NodeHandle,
    availability: "active" | "drain",
    among?: readonly NodeHandle[],
  ): Promise<void>;
}
