import { Address4 } from "ip-address";
import { z } from "zod";
import { choice, flag, name, named, section, whole } from "./leaves.ts";

/** An IPv4 network in private address space, written with its first address, of `min` to `max` bits. */
function cidr(min: number, max: number, or = "") {
  const need = `${or}a private IPv4 network from /${min} to /${max} such as "10.220.7.0/24"`;
  return z.string(need).check((given) => {
    const message = cidrNeed(given.value, { min, max, need });
    if (message) given.issues.push({ code: "custom", message, input: given.value });
  });
}

export interface CidrLimits {
  /** Prefix lengths. */
  readonly min: number;
  readonly max: number;
  /** What is said where it is no such network. */
  readonly need: string;
  /** Whether it may be a public one. */
  readonly anywhere?: boolean;
}

/** What is wrong with an IPv4 CIDR; nothing where it is written with its first address and within the limits. */
export function cidrNeed(
  given: string,
  { min, max, need, anywhere = false }: CidrLimits,
): string | undefined {
  if (!given.includes("/") || !Address4.isValid(given)) return need;
  const network = new Address4(given);
  if (network.subnetMask < min || network.subnetMask > max) return need;
  if (!anywhere && !network.isPrivate() && !network.isCGNAT()) {
    return `${need}; take it from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10`;
  }
  if (network.networkForm() === given) return undefined;
  return `the first address of the network; write "${network.networkForm()}"`;
}

function cidrChoice(min: number, max: number) {
  return z
    .union([z.literal("auto"), cidr(min, max, '"auto" or ')])
    .meta({ title: `"auto" or CIDR` });
}

export const encryption = choice(["auto", "required", "off"]);

const overlay = section({
  subnet: cidrChoice(16, 28)
    .default("auto")
    .describe("The overlay's addresses; auto: swarm takes a subnet from the address pool"),
  attachable: flag().default(false).describe("Whether plain containers may attach, not only tasks"),
  encryption: encryption
    .optional()
    .describe("Encryption of this overlay; left out: that of the whole network"),
});

export const network = section({
  subnet: cidrChoice(16, 27)
    .default("auto")
    .describe(
      "Network of the nodes themselves; auto: a free /24 within 10.210.0.0 to 10.249.255.0",
    ),
  overlays: named(name(), overlay, "overlay names to their settings")
    .prefault({ app: {} })
    .describe("Overlay networks by name, at least one"),
  addressPool: section({
    subnet: cidr(8, 24)
      .meta({ title: "CIDR" })
      .default("10.200.0.0/16")
      .describe("Where swarm takes the subnets of overlays and of the ingress network"),
    size: whole(16, 28).default(24).describe("Prefix length of each subnet taken from the pool"),
  }).prefault({}),
  encryption: encryption
    .default("auto")
    .describe(
      "IPsec on overlays. auto: where every node's kernel can, else plain with a warning; required: else fail",
    ),
  endpointMode: choice(["auto", "vip", "dnsrr"])
    .default("auto")
    .describe(
      "How service names resolve. auto: one virtual IP where the nodes have IPVS, else DNS round robin",
    ),
  publish: choice(["auto", "ingress", "host"])
    .default("auto")
    .describe(
      "How ports are published. auto: the ingress mesh where the nodes have IPVS, else on the task's node",
    ),
  // 1024 to 49151 is what `docker swarm init --data-path-port` accepts; 4789 is VXLAN's own port.
  dataPathPort: whole(1024, 49151).default(4789).describe("UDP port of overlay (VXLAN) traffic"),
  mtu: whole(576, 9000)
    .optional()
    .describe("MTU of the overlays; left out: the engine's, 1500 less what VXLAN and IPsec need"),
}).prefault({});
