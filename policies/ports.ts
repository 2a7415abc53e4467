import { Address4, Address6 } from "ip-address";
import { CONTROL_PORT, ENGINE_API_PORT, GOSSIP_PORT } from "../components/swarm/ports.ts";
import { type PolicyResource, type ResourcePolicy, UNKNOWN } from "./policy.ts";
import { at, elements } from "./reading.ts";

/** What may be opened to no one but members, or to one network that a person can name. */
const GUARDED: Readonly<Record<number, string>> = {
  22: "SSH",
  2375: "the engine API without TLS",
  [ENGINE_API_PORT]: "the engine API",
  [CONTROL_PORT]: "joining and Raft",
  [GOSSIP_PORT]: "overlay gossip",
};

/** Prefix lengths below which a network is the world, as aws.ssh has it; of IPv6, what a provider gets as a whole. */
const WIDEST = { v4: 16, v6: 32 };

function isWorld(cidr: unknown): boolean {
  if (typeof cidr !== "string") return false;
  if (Address4.isValid(cidr)) return new Address4(cidr).subnetMask < WIDEST.v4;
  return Address6.isValid(cidr) && new Address6(cidr).subnetMask < WIDEST.v6;
}

interface Opening {
  readonly protocol: unknown;
  readonly from: unknown;
  readonly to: unknown;
  readonly networks: readonly unknown[];
}

const opening = (rule: unknown, protocol: string, networks: readonly unknown[]): Opening => ({
  ...{ protocol: at(rule, protocol), from: at(rule, "fromPort"), to: at(rule, "toPort"), networks },
});
const inline = (rule: unknown) =>
  opening(rule, "protocol", [
    ...elements(at(rule, "cidrBlocks")),
    ...elements(at(rule, "ipv6CidrBlocks")),
  ]);

/** The ways in that a resource opens, in each of the forms that EC2's rules have. */
function openings({ type, inputs }: PolicyResource): Opening[] {
  if (type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    return [opening(inputs, "ipProtocol", [at(inputs, "cidrIpv4"), at(inputs, "cidrIpv6")])];
  if (type === "aws:ec2/securityGroupRule:SecurityGroupRule")
    return at(inputs, "type") === "ingress" ? [inline(inputs)] : [];
  if (/^aws:ec2\/(default)?securityGroup:/i.test(type)) return elements(inputs.ingress).map(inline);
  return [];
}

/** ICMP carries nothing to any port. */
const HARMLESS = ["icmp", "icmpv6", "1", "58"];

/** What an opening lets in that it must not; TCP is judged by its ports, all else that is no ICMP is the swarm's own. */
function guarded({ protocol, from, to }: Opening): string[] {
  if ([protocol, from, to].includes(UNKNOWN)) return [];
  const name = String(protocol).toLowerCase();
  if (HARMLESS.includes(name)) return [];
  if (name !== "tcp" && name !== "6")
    return [name === "-1" ? "every protocol" : `protocol ${name}`];
  const [first, last] = [Number(from ?? 0), Number(to ?? from ?? 65_535)];
  return Object.entries(GUARDED)
    .filter(([port]) => first <= Number(port) && Number(port) <= last)
    .map(([port, what]) => `tcp port ${port} (${what})`);
}

/** Whoever reaches a port of the swarm may try to join it, listen in, or fill its tables; SSH is tried at once. */
export const closedPorts: ResourcePolicy = {
  name: "closed-ports",
  description: "No port of the swarm, its engines or SSH is open to the world.",
  level: "mandatory",
  judge(resource) {
    const need =
      "members of the swarm alone, by their security group, or for SSH one network from /16 on";
    const fix = "name the security group that may come in, or set aws.ssh to closed or a network";
    return openings(resource).flatMap((each) =>
      each.networks.filter(isWorld).flatMap((network) =>
        guarded(each).map((what) => ({
          ...{ where: resource.name, got: `${what} open to ${network}`, need, fix },
        })),
      ),
    );
  },
};
