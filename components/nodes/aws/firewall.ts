import { SecurityGroup } from "@pulumi/aws/ec2/index.js";
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from "@pulumi/aws/vpc/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AccessGroup, AccessRule } from "./access.ts";
import { tagsOf } from "./tags.ts";

export interface AwsFirewallArgs {
  readonly lab: string;
  readonly vpcId: pulumi.Input<string>;
  readonly rules: readonly AccessRule[];
  readonly labels: Readonly<Record<string, string>>;
}

const ABOUT: Readonly<Record<AccessGroup, string>> = {
  node: "every node of the swarm",
  manager: "the managers of the swarm",
  registry: "the nodes that have the registry of the lab",
  "load-balancer": "the load balancer in front of the lab",
};

/**
 * The security groups of a lab on AWS. Each rule is a resource of its own: beside rules within a group those of their own
 * take turns with them at every update, and one rule more or less leaves the others alone.
 */
export class AwsFirewall extends pulumi.ComponentResource {
  /** Ids of the groups. There is one only where a rule names it. */
  readonly groupIds: Readonly<Partial<Record<AccessGroup, pulumi.Output<string>>>>;

  constructor(name: string, args: AwsFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsFirewall", name, {}, opts);
    const { lab, vpcId, rules, labels } = args;
    const tags = (what: string) => tagsOf(what, { lab }, labels);
    const named = rules.flatMap(({ to, from }) => ("group" in from ? [to, from.group] : [to]));
    const groupOf = (group: AccessGroup) => {
      const arg = { vpcId, description: ABOUT[group], tags: tags(group) };
      return [group, new SecurityGroup(`${name}-${group}`, arg, { parent: this }).id] as const;
    };
    const ids: Partial<Record<AccessGroup, pulumi.Output<string>>> = Object.fromEntries(
      [...new Set<AccessGroup>(["node", ...named])].map(groupOf),
    );
    const idOf = (group: AccessGroup): pulumi.Output<string> => {
      const id = ids[group];
      if (id === undefined) throw new Error(`no security group was made for ${group}`);
      return id;
    };
    for (const { key, to, from, protocol, port, why } of rules)
      new SecurityGroupIngressRule(
        `${name}-${key}`,
        {
          securityGroupId: idOf(to),
          ...("group" in from
            ? { referencedSecurityGroupId: idOf(from.group) }
            : { cidrIpv4: from.cidr }),
          ipProtocol: protocol,
          // IP protocol 50 has no ports, and EC2 refuses any with it.
          ...(port === undefined ? {} : { fromPort: port, toPort: port }),
          ...{ description: why, tags: tags(key) },
        },
        { parent: this },
      );
    // What is in front reaches what is behind it on these ports, and nothing else.
    for (const { key, to, from, protocol, port } of rules)
      if ("group" in from && from.group === "load-balancer")
        new SecurityGroupEgressRule(
          `${name}-${key}-out`,
          {
            ...{ securityGroupId: idOf(from.group), referencedSecurityGroupId: idOf(to) },
            ...{
              ipProtocol: protocol,
              ...(port === undefined ? {} : { fromPort: port, toPort: port }),
            },
            ...{ description: "what the load balancer forwards", tags: tags(`${key}-out`) },
          },
          { parent: this },
        );
    // A group that is made here has no way out until one is given: packages, images and Session Manager need one.
    new SecurityGroupEgressRule(
      `${name}-out`,
      {
        ...{ securityGroupId: idOf("node"), cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
        ...{ description: "whatever a node asks for", tags: tags("out") },
      },
      { parent: this },
    );
    this.groupIds = ids;
    this.registerOutputs({ groups: Object.keys(ids) });
  }
}
