import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import { UNKNOWN } from "../../policies/policy.ts";
import { closedPorts } from "../../policies/ports.ts";
import { resource } from "./policy-support.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const said = (type: string, inputs: Readonly<Record<string, unknown>>) =>
  closedPorts.judge(resource(type, inputs)).map(describeProblem);

const tcp = (port: number, changes: object = {}) => ({
  ...{ ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4: "0.0.0.0/0", ...changes },
});

describe("closed-ports", () => {
  test.each([22, 2375, 2376, 2377, 7946])("refuses tcp port %i open to the world", (port) => {
    expect(said(INGRESS, tcp(port))).toEqual([
      expect.stringContaining(`one: got tcp port ${port} (`),
    ]);
  });

  test.each([
    ["all IPv6", tcp(22, { cidrIpv4: undefined, cidrIpv6: "::/0" })],
    ["half of the world", tcp(22, { cidrIpv4: "128.0.0.0/1" })],
    ["a range around the port", tcp(2000, { toPort: 3000 })],
    ["every port", { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" }],
    ["every protocol", { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }],
    ["VXLAN", tcp(4789, { ipProtocol: "udp" })],
    ["VXLAN on another port", tcp(8472, { ipProtocol: "udp" })],
    ["IPsec", { ipProtocol: "50", cidrIpv4: "0.0.0.0/0" }],
  ])("refuses %s", (_, inputs) => {
    const all = said(INGRESS, inputs);
    expect(all.length).toBeGreaterThan(0);
    for (const each of all) expect(each).toContain("set aws.ssh to closed or a network");
  });

  test.each([
    ["members", tcp(2377, { cidrIpv4: undefined, referencedSecurityGroupId: "sg-1" })],
    ["one address", tcp(22, { cidrIpv4: "192.0.2.7/32" })],
    ["the widest that aws.ssh takes", tcp(22, { cidrIpv4: "198.51.0.0/16" })],
    ["an application's port to the world", tcp(443)],
    ["an echo request from the world", tcp(-1, { ipProtocol: "icmp" })],
    ["a port that is not known yet", tcp(22, { fromPort: UNKNOWN, toPort: UNKNOWN })],
    ["a protocol that is not known yet", tcp(22, { ipProtocol: UNKNOWN })],
    ["a network that is not known yet", tcp(22, { cidrIpv4: UNKNOWN })],
  ])("allows %s", (_, inputs) => {
    expect(said(INGRESS, inputs)).toEqual([]);
  });

  test("reads rules in every form that EC2 has", () => {
    const rule = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
    const six = { ...rule, cidrBlocks: [], ipv6CidrBlocks: ["::/0"] };
    expect(said(RULE, { type: "ingress", ...rule })).toHaveLength(1);
    expect(said(RULE, { type: "egress", ...rule })).toEqual([]);
    expect(said(GROUP, { ingress: [rule, six] })).toHaveLength(2);
    expect(said("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { ingress: [rule] })).toEqual([
      expect.stringContaining("tcp port 22 (SSH) open to 0.0.0.0/0"),
    ]);
  });

  test("leaves ways out alone", () => {
    expect(said("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", tcp(22))).toEqual([]);
  });
});
