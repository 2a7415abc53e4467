import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import { part, stepOptions } from "../late.ts";
import type { ProvidedNode } from "../nodes/provider.ts";
import type { NodeHandle } from "../nodes/types.ts";
import type { MemberInput } from "./step-inputs.ts";

export interface SwarmMemberArgs extends Omit<MemberInput, "node"> {
  readonly node: ProvidedNode;
  /** The lab's managers, to join through and to leave through. */
  readonly managers: readonly NodeHandle[];
}

/**
 * One node's membership: it joins (or, being the first of all, inits) and gets its labels and availability; on removal
 * it drains, demotes, leaves and is removed, unless the whole lab goes with it.
 */
export class SwarmMember extends pulumi.ComponentResource {
  readonly joined: pulumi.Resource;
  readonly nodeId: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;

  constructor(name: string, args: SwarmMemberArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:SwarmMember", name, {}, own);
    const { node, managers, ...rest } = args;
    const member: MemberInput = { node: node.handle, ...rest };
    const joined = step(
      `${name}-join`,
      {
        create: "swarm/member.ts",
        delete: "swarm/leave.ts",
        inputs: { LAB_MEMBER: member, LAB_MACHINE: node.machineId },
        peers: managers,
        stays: node.silent,
      },
      {
        ...stepOptions(this, late),
        dependsOn: [node.machine, ...late.dependsOn],
        customTimeouts: { create: "5m", update: "5m", delete: "5m" },
      },
    );
    this.joined = joined;
    const result = resultOf<{ nodeId: string; cluster: string }>(joined);
    this.nodeId = result.nodeId;
    this.clusterId = result.cluster;
    this.registerOutputs({ nodeId: this.nodeId, clusterId: this.clusterId });
  }
}
