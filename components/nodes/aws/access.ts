/** Who may reach a node of a lab on AWS, as a table: each row becomes one rule resource of a security group. */
import { ESP, type PortRule, REGISTRY_PORT, swarmPorts } from "../../swarm/ports.ts";

/**
 * A security group: every node is in `node`, managers in `manager` too, and those that have the registry in `registry`. What
 * is in front of them is in `load-balancer`.
 */
export type AccessGroup = "node" | "manager" | "registry" | "load-balancer";

export interface AccessRule {
  /** Names the rule's resource, so it stays as long as the rule does. */
  readonly key: string;
  /** Whose members are reached. */
  readonly to: AccessGroup;
  /** Who reaches them: the members of a group, or the addresses of one network outside. */
  readonly from: { readonly group: AccessGroup } | { readonly cidr: string };
  /** As EC2 takes it: `tcp`, `udp`, or the number of an IP protocol. */
  readonly protocol: string;
  /** Absent where the protocol has none. */
  readonly port?: number;
  readonly why: string;
}

export interface AccessRequest {
  /** UDP port of VXLAN. */
  readonly dataPathPort: number;
  /** Whether the lab has a registry. */
  readonly registry: boolean;
  /** The one network outside from which SSH is open; absent: none, Session Manager needs no open port. */
  readonly ssh?: string;
}

export const SSH_PORT = 22;

/** The groups a node is in. */
export function groupsOf(node: { readonly role: string; readonly registry: boolean }) {
  const groups: AccessGroup[] = ["node"];
  if (node.role === "manager") groups.push("manager");
  if (node.registry) groups.push("registry");
  return groups;
}

/** The group of one side of a port's rule. There is none of workers alone: what is for them would be open to all. */
function groupOf(side: PortRule["from"]): AccessGroup {
  if (side === "worker") throw new RangeError("no security group holds the workers alone");
  return side;
}

const fromPort = ({ protocol, port, from, to, why }: PortRule): AccessRule => ({
  key: `${protocol}${port ?? ""}`,
  to: groupOf(to),
  from: { group: groupOf(from) },
  protocol: protocol === "esp" ? String(ESP) : protocol,
  ...(port === undefined ? {} : { port }),
  why,
});

/**
 * What is let in, and nothing else is. Between members the swarm's ports, ESP whatever is in force: an overlay that is
 * encrypted later must not be dead without a word.
 */
export function accessRules({ dataPathPort, registry, ssh }: AccessRequest): AccessRule[] {
  const rules = swarmPorts(dataPathPort, true).map(fromPort);
  if (registry)
    rules.push({
      key: "registry",
      ...{ to: "registry", from: { group: "node" }, protocol: "tcp", port: REGISTRY_PORT },
      why: "the registry of the lab",
    });
  if (ssh !== undefined)
    rules.push({
      key: "ssh",
      ...{ to: "node", from: { cidr: ssh }, protocol: "tcp", port: SSH_PORT },
      why: "SSH from the one network that the configuration names",
    });
  return rules;
}
