import * as lb from "@pulumi/aws/lb/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Listener } from "./listeners.ts";
import { balancerName, derivedName, LONGEST_BALANCER_NAME } from "./names.ts";
import type { MadeMachine } from "./nodes.ts";
import { tagsOf } from "./tags.ts";

export interface AwsLoadBalancerArgs {
  readonly lab: string;
  readonly region: string;
  /** IPv4 CIDR of the VPC. */
  readonly vpc: string;
  readonly vpcId: pulumi.Input<string>;
  /** Ids of the subnets, by zone: it has an address in each. */
  readonly subnetIds: Readonly<Record<string, pulumi.Input<string>>>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly listeners: readonly Listener[];
  /** The nodes' instances, by name. */
  readonly machines: Readonly<Record<string, Pick<MadeMachine, "instanceId">>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** A node is taken out some 20 s after it stopped answering, and back as fast; in seconds. */
const EVERY = { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 } as const;

/** The registry answers its root path without a login, and with an error once its storage fails. Nothing verifies its certificate. */
const CHECKS = {
  tcp: { protocol: "TCP", port: "traffic-port", ...EVERY },
  https: { protocol: "HTTPS", path: "/", matcher: "200", port: "traffic-port", ...EVERY },
} as const satisfies Readonly<Record<Listener["check"], object>>;

/** Seconds that connections to a node which is taken out get to end. */
const DRAINING = 30;

/** A network load balancer in front of a lab: one listener and one target group for each port, TCP as it is. */
export class AwsLoadBalancer extends pulumi.ComponentResource {
  /** Where clients find it. */
  readonly dnsName: pulumi.Output<string>;

  constructor(name: string, args: AwsLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsLoadBalancer", name, {}, opts);
    const { lab, region, vpc, vpcId, machines } = args;
    const tags = (what: string) => tagsOf(what, { lab }, args.labels);
    const balancer = new lb.LoadBalancer(
      `${name}-balancer`,
      {
        ...{ name: balancerName(lab, region), loadBalancerType: "network", internal: false },
        subnets: Object.values(args.subnetIds),
        securityGroups: [args.securityGroupId],
        // A zone whose nodes are all gone, as a drill has it, still answers, with those of the others.
        enableCrossZoneLoadBalancing: true,
        tags: tags("balancer"),
      },
      // Its name is its own: with a zone less, which AWS takes from none, another one cannot stand beside it.
      { parent: this, deleteBeforeReplace: true },
    );
    for (const { key, port, check, nodes } of args.listeners) {
      // What replaces a target group is in its name, so that the new one can be made before the old one goes.
      const seed = [lab, region, key, vpc, String(port)];
      const targets = new lb.TargetGroup(
        `${name}-${key}`,
        {
          name: derivedName(LONGEST_BALANCER_NAME, [lab, key], seed),
          ...{ vpcId, port, protocol: "TCP", targetType: "instance" },
          // The mesh puts its own address in the place of the client's in any case; and with it kept, a node that asks for
          // itself through the load balancer would get no answer.
          preserveClientIp: "false",
          ...{ deregistrationDelay: DRAINING, connectionTermination: true },
          ...{ healthCheck: CHECKS[check], tags: tags(key) },
        },
        { parent: this },
      );
      new lb.Listener(
        `${name}-${key}-listener`,
        {
          ...{ loadBalancerArn: balancer.arn, port, protocol: "TCP", tags: tags(key) },
          defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        },
        { parent: this },
      );
      for (const node of nodes) {
        const machine = machines[node];
        if (machine === undefined) throw new Error(`no instance was made for ${node}`);
        new lb.TargetGroupAttachment(
          `${name}-${key}-${node}`,
          { targetGroupArn: targets.arn, targetId: machine.instanceId, port },
          { parent: this },
        );
      }
    }
    this.dnsName = balancer.dnsName;
    this.registerOutputs({ dnsName: this.dnsName });
  }
}
