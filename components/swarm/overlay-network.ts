import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { step } from "../command.ts";
import { labelList, ownershipLabels } from "../labels.ts";
import { dockerOptions, part, stepOptions } from "../late.ts";
import type { NodeHandle } from "../nodes/types.ts";

export interface OverlayNetworkArgs {
  readonly lab: string;
  /** Name of the network in the swarm. */
  readonly network: string;
  /** IPv4 CIDR, or "auto": the swarm takes one from its address pool. */
  readonly subnet: string;
  readonly attachable: boolean;
  readonly encrypted: boolean;
  /** Absent: the engine's own, 1500 less what VXLAN takes. */
  readonly mtu?: number;
  readonly managers: readonly NodeHandle[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One overlay network. Services that use it depend on `usable`, so that it is removed only when they have let go of it. */
export class OverlayNetwork extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;
  readonly usable: pulumi.Resource;

  constructor(name: string, args: OverlayNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:OverlayNetwork", name, {}, own);
    const network = new docker.Network(
      `${name}-overlay`,
      {
        name: args.network,
        driver: "overlay",
        attachable: args.attachable,
        options: {
          ...(args.encrypted ? { encrypted: "" } : {}),
          ...(args.mtu ? { "com.docker.network.driver.mtu": String(args.mtu) } : {}),
        },
        ipamConfigs: args.subnet === "auto" ? undefined : [{ subnet: args.subnet }],
        labels: labelList(ownershipLabels({ lab: args.lab }, args.labels)),
      },
      {
        ...dockerOptions(this, late),
        // The engine adds its VXLAN id to the options, which would replace the network at the next up.
        ignoreChanges: args.subnet === "auto" ? ["options", "ipamConfigs"] : ["options"],
        replacementTrigger: [args.encrypted, args.mtu ?? "default"].join(),
        deleteBeforeReplace: true,
      },
    );
    this.networkId = network.id;
    this.usable = step(
      `${name}-idle`,
      {
        create: undefined,
        delete: "swarm/network-idle.ts",
        inputs: { LAB_NETWORK: { network: args.network } },
        peers: args.managers,
      },
      { ...stepOptions(this, late), dependsOn: [network] },
    );
    this.registerOutputs({ networkId: this.networkId });
  }
}
