/** What must pass between nodes: for firewalls, security groups and the preflight. */
import type { NodeRole } from "../nodes/types.ts";

export interface PortRule {
  /** "esp" is IP protocol 50 and has no ports. */
  readonly protocol: "tcp" | "udp" | "esp";
  readonly port?: number;
  readonly from: NodeRole | "node";
  readonly to: NodeRole | "node";
  readonly why: string;
}

/** IP protocol number of ESP. */
export const ESP = 50;
export const CONTROL_PORT = 2377;
export const GOSSIP_PORT = 7946;
/** Where a node's engine offers its API, under mutual TLS. */
export const ENGINE_API_PORT = 2376;
/** Where the lab's registry is published on its node. */
export const REGISTRY_PORT = 5000;
/** VXLAN's own port; a swarm may be initialised with another (`--data-path-port`). */
export const DEFAULT_DATA_PATH_PORT = 4789;

/**
 * The rules of a swarm whose overlays use `dataPathPort`. ESP is among them only when overlays may be
 * encrypted: then VXLAN packets travel inside ESP, and a firewall that drops it leaves the control
 * plane whole and the overlays silently dead.
 */
export function swarmPorts(dataPathPort: number, encrypted: boolean): PortRule[] {
  const rules: PortRule[] = [
    {
      protocol: "tcp",
      port: CONTROL_PORT,
      from: "node",
      to: "manager",
      why: "joining, certificates, the dispatcher and Raft, all under mutual TLS",
    },
    {
      protocol: "tcp",
      port: GOSSIP_PORT,
      from: "node",
      to: "node",
      why: "overlay gossip: full exchanges of who is where",
    },
    {
      protocol: "udp",
      port: GOSSIP_PORT,
      from: "node",
      to: "node",
      why: "overlay gossip: liveness probes and news of single endpoints",
    },
    {
      protocol: "udp",
      port: dataPathPort,
      from: "node",
      to: "node",
      why: "overlay traffic itself, in VXLAN",
    },
  ];
  if (encrypted) {
    const why = "overlay traffic of encrypted networks, in IPsec";
    rules.push({ protocol: "esp", from: "node", to: "node", why });
  }
  return rules;
}
