import { Provider } from "@pulumi/aws/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Credentials } from "../credentials.ts";
import type { KernelNeed } from "../kernel-probe.ts";
import type { EngineApi, ProvidedNode, ProvidedNodes } from "../provider.ts";
import type { NodeHandle } from "../types.ts";
import { accessRules } from "./access.ts";
import { AwsFirewall } from "./firewall.ts";
import { handlesOn, holdsRegistry, waysInto } from "./handles.ts";
import { type Lifetime, lifetimeTags } from "./lifetime.ts";
import { type Listener, listenerRules } from "./listeners.ts";
import { AwsLoadBalancer } from "./load-balancer.ts";
import { createMachines } from "./machines.ts";
import { AwsNetwork } from "./network.ts";
import type { Placement } from "./placement.ts";

export interface AwsNodesArgs {
  readonly lab: string;
  /** DOCKER_HOST of the engine on which the lab's images are built. */
  readonly engine: string;
  /** host:port under which the nodes know the registry. */
  readonly registry: string;
  readonly credentials: pulumi.Input<Credentials>;
  /** What the plan counts on that each node's kernel can. */
  readonly needs: readonly KernelNeed[];
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

/** Nodes as EC2 instances over the availability zones of one region. */
export class AwsNodes extends pulumi.ComponentResource implements ProvidedNodes {
  readonly nodes: readonly ProvidedNode[];
  readonly buildEngine: string;
  readonly api: EngineApi;
  readonly entrance: string;
  readonly entranceFrom: NodeHandle;
  /** The VPC: what is in the swarm goes with its instances. */
  readonly lifetime: pulumi.Resource;
  readonly machines: Readonly<Record<string, MadeMachine>>;
  /** DNS name of the load balancer, where there is one. */
  readonly front: pulumi.Output<string> | undefined;

  constructor(name: string, args: AwsNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsNodes", name, {}, opts);
    const { lab, placement, dataPathPort, listeners, ssh } = args;
    const labels = { ...args.labels, ...lifetimeTags(args.lifetime) };
    const { region } = placement;
    const nodes = handlesOn(placement, lab, ssh);
    const provider = new Provider(`${name}-aws`, { region }, { parent: this });
    const on = { parent: this, provider };
    const network = new AwsNetwork(
      `${name}-network`,
      { lab, ...placement, reserved: listeners.length > 0, labels },
      on,
    );
    const rules = [
      ...accessRules({
        ...{ dataPathPort, registry: nodes.some(holdsRegistry) },
        ...(ssh === undefined ? {} : { ssh }),
      }),
      ...listenerRules(listeners),
    ];
    const firewall = new AwsFirewall(
      `${name}-firewall`,
      { lab, vpcId: network.vpc.id, rules, labels },
      on,
    );
    const { registry: registryName, listeners: _, placement: __, engine, ...shared } = args;
    const machines = createMachines(
      name,
      { ...shared, region, nodes, network, firewall, registryName, labels },
      on,
    );
    const made = nodes.map((node, at) => ({ node, machine: machines[at] ?? missing(node.name) }));
    this.nodes = made.map(({ node, machine }) => ({
      ...{ handle: node, machine: machine.ready, machineId: machine.instance.id, silent: false },
    }));
    this.machines = Object.fromEntries(
      made.map(({ node: { name: own, address }, machine: { instance, publicAddress } }) => [
        own,
        { instanceId: instance.id, address, publicAddress },
      ]),
    );
    const { api, entrance, entranceFrom } = waysInto(nodes);
    this.api = api;
    this.entrance = entrance;
    this.entranceFrom = entranceFrom;
    this.buildEngine = engine;
    this.lifetime = network.vpc;
    const front = firewall.groupIds["load-balancer"];
    this.front =
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
    this.registerOutputs({ machines: this.machines, front: this.front });
  }
}

function missing(what: string): never {
  throw new Error(`nothing was made for ${what}`);
}
