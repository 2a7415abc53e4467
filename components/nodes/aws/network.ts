import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type Placement, reservedRanges, type ZoneSubnet } from "./placement.ts";
import { tagsOf } from "./tags.ts";

export interface AwsNetworkArgs extends Pick<Placement, "vpc" | "subnets"> {
  readonly lab: string;
  /** Whether AWS is to give the addresses of nodes to nothing of its own: it does where there is a load balancer. */
  readonly reserved: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The network of a lab on AWS: a VPC with one public subnet and one route table for each availability zone. There is no NAT
 * gateway, which costs more than the small instances behind it; nodes have public addresses, and security groups that let
 * nobody in.
 */
export class AwsNetwork extends pulumi.ComponentResource {
  /** Lives as long as the lab's machines. */
  readonly vpc: ec2.Vpc;
  /** Ids of the subnets, by zone. */
  readonly subnetIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsNetwork", name, {}, opts);
    const { lab, labels } = args;
    const tags = (what: string, zone?: string) =>
      tagsOf(what, { lab, ...(zone ? { zone } : {}) }, labels);
    this.vpc = new ec2.Vpc(
      `${name}-vpc`,
      {
        ...{ cidrBlock: args.vpc, enableDnsSupport: true, enableDnsHostnames: true },
        tags: tags("vpc"),
      },
      { parent: this },
    );
    const vpcId = this.vpc.id;
    const gateway = new ec2.InternetGateway(
      `${name}-gateway`,
      { vpcId, tags: tags("gateway") },
      { parent: this },
    );
    const made = args.subnets.map(({ zone, availabilityZone, cidr }: ZoneSubnet) => {
      const subnet = new ec2.Subnet(
        `${name}-${zone}`,
        {
          ...{ vpcId, availabilityZone, cidrBlock: cidr },
          // What is public is said for each node, by an address of its own.
          mapPublicIpOnLaunch: false,
          tags: tags(zone, zone),
        },
        { parent: this },
      );
      const routes = new ec2.RouteTable(
        `${name}-${zone}-routes`,
        { vpcId, tags: tags(`${zone}-routes`, zone) },
        { parent: this },
      );
      new ec2.Route(
        `${name}-${zone}-internet`,
        {
          ...{ routeTableId: routes.id, gatewayId: gateway.id },
          destinationCidrBlock: "0.0.0.0/0",
        },
        { parent: this },
      );
      new ec2.RouteTableAssociation(
        `${name}-${zone}-association`,
        { subnetId: subnet.id, routeTableId: routes.id },
        { parent: this },
      );
      for (const cidrBlock of args.reserved ? reservedRanges(cidr) : [])
        new ec2.SubnetCidrReservation(
          `${name}-${zone}-nodes-${cidrBlock.slice(cidrBlock.indexOf("/") + 1)}`,
          {
            ...{ subnetId: subnet.id, cidrBlock, reservationType: "explicit" },
            description: "fixed addresses of nodes",
          },
          { parent: this },
        );
      return [zone, subnet.id] as const;
    });
    this.subnetIds = Object.fromEntries(made);
    this.registerOutputs({ vpcId });
  }
}
