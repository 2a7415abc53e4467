import { beforeAll, describe, expect, test } from "vitest";
import { accessRules } from "../../components/nodes/aws/access.ts";
import { AwsFirewall } from "../../components/nodes/aws/firewall.ts";
import { AwsIdentity } from "../../components/nodes/aws/identity.ts";
import { AwsNetwork } from "../../components/nodes/aws/network.ts";
import { registryPolicy } from "../../components/nodes/aws/policies.ts";
import { ARGS } from "../support/component-args.ts";
import { record } from "../support/mocks.ts";
import { tooWide } from "../support/policy-judge.ts";
import type { Recording } from "../support/recording.ts";

const tags = (what: string, zone?: string) => ({
  ...{ team: "blue", "swarm-lab.lab": "dev", Name: `dev-${what}` },
  ...(zone ? { "swarm-lab.zone": zone } : {}),
});

describe("the network of a lab on AWS", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await record(() => new AwsNetwork("n", ARGS.AwsNetwork())));
  });

  test("is one VPC with a way to the internet, and a public subnet with its routes for each zone", () => {
    const made = recording.custom.map(({ name, inputs }) => [name, inputs] as const);
    const zone = (letter: string, cidrBlock: string) => ({
      [`n-${letter}`]: {
        ...{ vpcId: "n-vpc-id", availabilityZone: `eu-central-1${letter}`, cidrBlock },
        ...{ mapPublicIpOnLaunch: false, tags: tags(letter, letter) },
      },
      [`n-${letter}-routes`]: { vpcId: "n-vpc-id", tags: tags(`${letter}-routes`, letter) },
      [`n-${letter}-internet`]: {
        ...{ routeTableId: `n-${letter}-routes-id`, gatewayId: "n-gateway-id" },
        destinationCidrBlock: "0.0.0.0/0",
      },
      [`n-${letter}-association`]: {
        ...{ subnetId: `n-${letter}-id`, routeTableId: `n-${letter}-routes-id` },
      },
    });
    expect(Object.fromEntries(made)).toEqual({
      "n-vpc": {
        ...{ cidrBlock: "10.20.0.0/16", enableDnsSupport: true, enableDnsHostnames: true },
        tags: tags("vpc"),
      },
      "n-gateway": { vpcId: "n-vpc-id", tags: tags("gateway") },
      ...zone("a", "10.20.0.0/19"),
      ...zone("b", "10.20.32.0/19"),
      ...zone("c", "10.20.64.0/19"),
    });
  });

  test("keeps the addresses of nodes from what AWS makes itself, where that is asked for", async () => {
    const args = { ...ARGS.AwsNetwork(), reserved: true };
    const { recording: with_ } = await record(() => new AwsNetwork("n", args));
    const made = with_.ofType("aws:ec2/subnetCidrReservation:SubnetCidrReservation");
    const reserved = (zone: string, cidrBlock: string) => [
      `n-${zone}-nodes-${cidrBlock.split("/")[1]}`,
      {
        ...{ subnetId: `n-${zone}-id`, cidrBlock, reservationType: "explicit" },
        description: "fixed addresses of nodes",
      },
    ];
    expect(made.map(({ name, inputs }) => [name, inputs])).toEqual([
      ...[reserved("a", "10.20.0.0/26"), reserved("a", "10.20.0.64/27")],
      ...[reserved("b", "10.20.32.0/26"), reserved("b", "10.20.32.64/27")],
      ...[reserved("c", "10.20.64.0/26"), reserved("c", "10.20.64.64/27")],
    ]);
    expect(with_.custom.length - made.length).toBe(recording.custom.length);
  });

  test("has no NAT gateway", () => {
    expect(recording.custom.filter(({ type }) => /nat/i.test(type))).toEqual([]);
  });
});

describe("the security groups of a lab on AWS", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await record(() => new AwsFirewall("f", ARGS.AwsFirewall())));
  });

  test("have no rules within themselves", () => {
    const groups = recording.ofType("aws:ec2/securityGroup:SecurityGroup");
    expect(groups.map(({ name }) => name).sort()).toEqual([
      ...["f-load-balancer", "f-manager", "f-node", "f-registry"],
    ]);
    for (const { name, inputs } of groups) {
      expect(Object.keys(inputs).sort()).toEqual(["description", "tags", "vpcId"]);
      expect(inputs).toMatchObject({ vpcId: "vpc-1", tags: tags(name.slice(2)) });
      // What EC2 takes: no apostrophe is among it.
      expect(inputs.description).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
    }
  });

  test("let in exactly this, each by a rule of its own", () => {
    const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const seen = rules.map(({ name, inputs: { description, tags: _, ...rest } }) => {
      expect(description, name).toBeTypeOf("string");
      return [name, rest] as const;
    });
    const port = (number: number) => ({ fromPort: number, toPort: number });
    const front = (group: string) => ({
      securityGroupId: `f-${group}-id`,
      ...{ referencedSecurityGroupId: "f-load-balancer-id", ipProtocol: "tcp" },
    });
    const peers = { securityGroupId: "f-node-id", referencedSecurityGroupId: "f-node-id" };
    expect(Object.fromEntries(seen)).toEqual({
      "f-tcp2377": {
        ...{ ...peers, securityGroupId: "f-manager-id" },
        ...{ ipProtocol: "tcp", ...port(2377) },
      },
      "f-tcp7946": { ...peers, ipProtocol: "tcp", ...port(7946) },
      "f-udp7946": { ...peers, ipProtocol: "udp", ...port(7946) },
      "f-udp4789": { ...peers, ipProtocol: "udp", ...port(4789) },
      "f-esp": { ...peers, ipProtocol: "50" },
      "f-registry": {
        ...{ ...peers, securityGroupId: "f-registry-id" },
        ...{ ipProtocol: "tcp", ...port(5000) },
      },
      "f-ssh": {
        ...{ securityGroupId: "f-node-id", cidrIpv4: "192.0.2.0/24" },
        ...{ ipProtocol: "tcp", ...port(22) },
      },
      "f-clients-app-tcp8080": {
        ...{ securityGroupId: "f-load-balancer-id", cidrIpv4: "0.0.0.0/0" },
        ...{ ipProtocol: "tcp", ...port(20_003) },
      },
      "f-behind-app-tcp8080": { ...front("node"), ...port(20_003) },
      "f-clients-registry": {
        ...{ securityGroupId: "f-load-balancer-id", cidrIpv4: "198.51.100.0/24" },
        ...{ ipProtocol: "tcp", ...port(5000) },
      },
      "f-behind-registry": { ...front("registry"), ...port(5000) },
    });
  });

  test("let the load balancer out to what is behind it, and nowhere else", () => {
    const rules = recording
      .ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter(({ inputs }) => inputs.securityGroupId === "f-load-balancer-id");
    const to = (group: string, port: number) => ({
      ...{ referencedSecurityGroupId: `f-${group}-id`, ipProtocol: "tcp" },
      ...{ fromPort: port, toPort: port },
    });
    expect(rules.map(({ name, inputs }) => [name, inputs])).toMatchObject([
      ["f-behind-app-tcp8080-out", to("node", 20_003)],
      ["f-behind-registry-out", to("registry", 5000)],
    ]);
    for (const { inputs } of rules) expect(inputs).not.toHaveProperty("cidrIpv4");
  });

  test("let nodes out, which by themselves they do not", () => {
    const [rule, ...others] = recording
      .ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter(({ inputs }) => inputs.securityGroupId !== "f-load-balancer-id");
    expect(others).toEqual([]);
    expect(rule?.inputs).toMatchObject({
      ...{ securityGroupId: "f-node-id", cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
    });
  });

  test("are only those that a rule names", async () => {
    const rules = accessRules({ dataPathPort: 4789, registry: false });
    const build = () => new AwsFirewall("f", { ...ARGS.AwsFirewall(), rules });
    const { recording: without } = await record(build);
    const groups = without.ofType("aws:ec2/securityGroup:SecurityGroup");
    expect(groups.map(({ name }) => name).sort()).toEqual(["f-manager", "f-node"]);
  });
});

describe("the identity of a lab's instances", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await record(() => new AwsIdentity("i", ARGS.AwsIdentity())));
  });

  test("has policies that allow nothing too widely", () => {
    const { assumeRolePolicy } = recording.one("i-role").inputs;
    const { policy, role } = recording.one("i-policy").inputs;
    expect(role).toBe("i-role-0a1b2c3");
    for (const json of [assumeRolePolicy, policy]) expect(tooWide(String(json))).toEqual([]);
  });

  test("of those with the registry may use its bucket besides, and no other", async () => {
    const bucket = "lab-dev-registry-0a1b2c3d4e";
    const args = { ...ARGS.AwsIdentity(), registry: { bucket, region: "eu-central-1" } };
    const { recording: holders } = await record(() => new AwsIdentity("i", args));
    const policy = String(holders.one("i-policy").inputs.policy);
    expect(tooWide(policy)).toEqual([]);
    expect(JSON.parse(policy)).toEqual(registryPolicy(bucket, "eu-central-1"));
    expect(holders.one("i-role").inputs.tags).toMatchObject({ Name: "dev-registry" });
    expect(String(recording.one("i-policy").inputs.policy)).not.toContain("s3:");
  });

  test("has names under the lab's path, by which its role is found again", () => {
    for (const name of ["i-role", "i-profile"])
      expect(recording.one(name).inputs.path, name).toBe("/swarm-lab/dev/");
  });

  test("is one role with that policy, which is in force before an instance starts with it", () => {
    expect(recording.custom.map(({ name }) => name).sort()).toEqual([
      "i-policy",
      "i-profile",
      "i-role",
    ]);
    const profile = recording.one("i-profile");
    expect(profile.inputs).toMatchObject({ role: "i-role-0a1b2c3", tags: tags("node") });
    expect(recording.dependencies(profile)).toContain("i-policy");
  });
});
