import type { NodeHandle } from "../../components/nodes/types.ts";
import type { SwarmAddressing, SwarmSettings } from "../../components/swarm/settings.ts";
import type { NodeSpec } from "./node-spec.ts";

/** What the join and leave steps of one node are told, as JSON in LAB_MEMBER. */
export interface MemberInput {
  readonly node: NodeHandle;
  readonly spec: NodeSpec;
  /** Set for the one node that may init when no swarm of the lab exists anywhere. */
  readonly init?: { readonly settings: SwarmSettings; readonly addressing: SwarmAddressing };
}
