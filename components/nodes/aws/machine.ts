import { Eip, Instance, NetworkInterface } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { step } from "../../command.ts";
import type { Credentials } from "../credentials.ts";
import { userData } from "../hosts/user-data.ts";
import type { InstanceInput } from "./instance-input.ts";
import { architectureOf } from "./machine-image.ts";
import { agentPackage } from "./session-manager.ts";
import { tagsOf } from "./tags.ts";

export interface AwsMachineArgs extends InstanceInput {
  readonly lab: string;
  readonly region: string;
  readonly subnetId: pulumi.Input<string>;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  /** Name of the instance profile. */
  readonly profile: pulumi.Input<string>;
  /** The image that a new instance starts from. One that is there keeps its own. */
  readonly ami: pulumi.Input<string>;
  readonly instanceType: string;
  readonly diskGib: number;
  /** Whether workers are spot instances; a manager never is. */
  readonly spot: boolean;
  /** Whether it refuses to be terminated. */
  readonly protected: boolean;
  readonly credentials: pulumi.Input<Credentials>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * IMDSv2 alone, and its answer travels one hop: to the instance. A container behind a bridge is a second one, so that no
 * task gets the role of its node; but for the registry on S3, which for that is on the node's own network.
 */
const METADATA = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
} as const;

/** Taken away without a word, it is gone: a request that stayed would start another one after the lab's end. */
const SPOT = {
  marketType: "spot",
  spotOptions: { spotInstanceType: "one-time", instanceInterruptionBehavior: "terminate" },
} as const;

/** Waiting for an instance, its packages and its agent takes minutes. */
const MINUTES = "35m";

/**
 * One node: an EC2 instance, and apart from it the network interface that has its addresses. So a node that is replaced
 * comes back where it was, which a swarm needs to find its managers, and a restore even more. Then it is made ready, over
 * the connection that its handle has.
 */
export class AwsMachine extends pulumi.ComponentResource {
  readonly instance: Instance;
  readonly publicAddress: pulumi.Output<string>;
  /** Depend on it before using the node. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: AwsMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsMachine", name, {}, opts);
    const { lab, region, node, registry, needs, labels } = args;
    const packageUrls = [agentPackage(region, architectureOf(args.instanceType))];
    const owner = { lab, node: node.name, role: node.role, zone: node.zone };
    const tags = tagsOf(node.name, owner, labels);
    const own = new NetworkInterface(
      `${name}-interface`,
      {
        ...{ subnetId: args.subnetId, privateIps: [node.address] },
        ...{ securityGroups: [...args.securityGroupIds], tags },
      },
      { parent: this },
    );
    // EC2 gives no public address to an instance whose interface was there before it.
    const address = new Eip(
      `${name}-address`,
      { domain: "vpc", networkInterface: own.id, tags },
      { parent: this },
    );
    const spot = args.spot && node.role === "worker";
    this.instance = new Instance(
      `${name}-instance`,
      {
        ...{ ami: args.ami, instanceType: args.instanceType, iamInstanceProfile: args.profile },
        primaryNetworkInterface: { networkInterfaceId: own.id },
        userData: userData({ name: node.name, zone: node.zone, packageUrls }),
        metadataOptions: METADATA,
        rootBlockDevice: {
          ...{ volumeType: "gp3", volumeSize: args.diskGib, encrypted: true },
          ...{ deleteOnTermination: true, tags },
        },
        // EC2 protects no spot instance from being terminated, and refuses one that asks for it.
        ...(spot ? { instanceMarketOptions: SPOT } : { disableApiTermination: args.protected }),
        tags,
      },
      {
        parent: this,
        // An instance has the interface for itself. Its first packages need the way out that the address is.
        ...{ deleteBeforeReplace: true, dependsOn: [address] },
        // Debian publishes a new image every few weeks, which must replace no node; and of user data that changed cloud-init
        // takes no notice, but EC2 stops the instance to write it down.
        ignoreChanges: ["ami", "userData"],
      },
    );
    this.publicAddress = address.publicIp;
    const input: InstanceInput = { node, registry, needs };
    this.ready = step(
      `${name}-ready`,
      {
        create: "aws/ready.ts",
        // With another instance in its place all of it is to be done again.
        inputs: { LAB_INSTANCE: input, LAB_MACHINE: this.instance.id },
        secrets: { LAB_CA: pulumi.output(args.credentials).apply(({ ca }) => ca) },
      },
      { parent: this, customTimeouts: { create: MINUTES, update: MINUTES } },
    );
    this.registerOutputs({ instanceId: this.instance.id, publicAddress: this.publicAddress });
  }
}
