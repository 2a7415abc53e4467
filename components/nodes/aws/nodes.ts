import { Provider } from "@pulumi/aws/provider.js";
import { getParameterOutput } from "@pulumi/aws/ssm/index.js";
import * as pulumi from "@pulumi/pulumi";
import { LABEL_REGISTRY } from "../plan.ts";
import { accessRules, groupsOf } from "./access.ts";
import { AwsFirewall } from "./firewall.ts";
import { AwsIdentity } from "./identity.ts";
import { type Lifetime, lifetimeTags } from "./lifetime.ts";
import { type Listener, listenerRules } from "./listeners.ts";
import { AwsLoadBalancer } from "./load-balancer.ts";
import { AwsMachine } from "./machine.ts";
import { architectureOf, imageParameter } from "./machine-image.ts";
import { AwsNetwork } from "./network.ts";
import type { Placement } from "./placement.ts";

export interface AwsNodesArgs {
  readonly lab: string;
  readonly placement: Placement;
  readonly instanceType: string;
  readonly diskGib: number;
  /** Whether workers are spot instances. */
  readonly spot: boolean;
  readonly protected: boolean;
  /** IPv4 CIDR from which SSH is open; absent: none. */
  readonly ssh?: string;
  readonly dataPathPort: number;
  /** What the load balancer in front listens on; none: there is no load balancer. */
  readonly listeners: readonly Listener[];
  /** Name of the bucket of the registry's images; absent: they are on a volume. */
  readonly registryBucket?: string;
  readonly lifetime: Lifetime;
  readonly labels: Readonly<Record<string, string>>;
}

/** An instance that was made for a node. */
export interface MadeMachine {
  readonly instanceId: pulumi.Output<string>;
  /** Its fixed address within the VPC. */
  readonly address: string;
  readonly publicAddress: pulumi.Output<string>;
}

/** The machines of a lab as EC2 instances over the availability zones of one region. */
export class AwsNodes extends pulumi.ComponentResource {
  readonly machines: Readonly<Record<string, MadeMachine>>;
  /** DNS name of the load balancer, where there is one. */
  readonly entrance: pulumi.Output<string> | undefined;

  constructor(name: string, args: AwsNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsNodes", name, {}, opts);
    const { lab, placement, instanceType, dataPathPort, listeners, ssh } = args;
    const labels = { ...args.labels, ...lifetimeTags(args.lifetime) };
    const { region, nodes } = placement;
    const provider = new Provider(`${name}-aws`, { region }, { parent: this });
    const on = { parent: this, provider };
    const network = new AwsNetwork(
      `${name}-network`,
      { lab, ...placement, reserved: listeners.length > 0, labels },
      on,
    );
    const holds = (node: (typeof nodes)[number]) => node.labels[LABEL_REGISTRY] !== undefined;
    const rules = [
      ...accessRules({
        ...{ dataPathPort, registry: nodes.some(holds) },
        ...(ssh === undefined ? {} : { ssh }),
      }),
      ...listenerRules(listeners),
    ];
    const firewall = new AwsFirewall(
      `${name}-firewall`,
      { lab, vpcId: network.vpc.id, rules, labels },
      on,
    );
    const identity = new AwsIdentity(`${name}-identity`, { lab, labels }, on);
    const { registryBucket: bucket } = args;
    // A role of their own, so that no other node may use the bucket.
    const holders =
      bucket === undefined
        ? identity
        : new AwsIdentity(`${name}-holders`, { lab, registry: { bucket, region }, labels }, on);
    const parameter = imageParameter(architectureOf(instanceType));
    // What is read of a parameter counts as a secret, and so would all that is made of it.
    const ami = pulumi.unsecret(getParameterOutput({ name: parameter }, on).value);
    const made = nodes.map((node) => {
      const groups = groupsOf({ role: node.role, registry: holds(node) });
      const machine = new AwsMachine(
        `${name}-${node.name}`,
        {
          ...{ lab, region, node, ami, instanceType, labels },
          profile: (holds(node) ? holders : identity).profileName,
          ...{ diskGib: args.diskGib, spot: args.spot, protected: args.protected },
          subnetId: network.subnetIds[node.zone] ?? missing(node.zone),
          securityGroupIds: groups.map((group) => firewall.groupIds[group] ?? missing(group)),
        },
        // Routes and rules first, all of them: cloud-init fetches packages once, at the first start, and does not try again.
        { ...on, dependsOn: [network, firewall] },
      );
      const { publicAddress } = machine;
      const { address } = node;
      return [node.name, { instanceId: machine.instance.id, address, publicAddress }] as const;
    });
    this.machines = Object.fromEntries(made);
    const front = firewall.groupIds["load-balancer"];
    this.entrance =
      front &&
      new AwsLoadBalancer(
        `${name}-front`,
        {
          ...{ lab, region, vpc: placement.vpc, vpcId: network.vpc.id, listeners, labels },
          ...{ subnetIds: network.subnetIds, securityGroupId: front, machines: this.machines },
        },
        // The ranges that are the nodes' are reserved before it takes addresses of its own.
        { ...on, dependsOn: [network, firewall] },
      ).dnsName;
    this.registerOutputs({ machines: this.machines, entrance: this.entrance });
  }
}

function missing(what: string): never {
  throw new Error(`nothing was made for ${what}`);
}
