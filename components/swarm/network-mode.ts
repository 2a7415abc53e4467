import { UserError } from "../errors.ts";
import type { KernelNeed } from "../nodes/kernel-probe.ts";
import type { KernelFeatures } from "../nodes/types.ts";

/** A feature of the network as it is in force, and why it is so. */
export interface InForce<T> {
  readonly inForce: T;
  readonly reason: string;
}

export interface NetworkMode {
  readonly encryption: InForce<boolean>;
  readonly endpointMode: InForce<"vip" | "dnsrr">;
  /** ingress: the routing mesh on every node; host: the lab's edge, one task on every node, publishes in host mode. */
  readonly publish: InForce<"ingress" | "host">;
}

export interface NetworkWish {
  readonly encryption: "auto" | "required" | "off";
  readonly endpointMode: "auto" | "vip" | "dnsrr";
  readonly publish: "auto" | "ingress" | "host";
}

function missing(kernel: KernelFeatures): string {
  const lacks = [
    kernel.esp ? [] : ["no ESP transform"],
    kernel.xtMatch ? [] : ["no xt_bpf or xt_policy"],
  ].flat();
  return `kernel ${kernel.release} has ${lacks.join(" and ")}`;
}

/** Whether an overlay is encrypted. IPsec needs ESP, and a packet match to find the VXLAN packets that must be so. */
export function decideEncryption(
  wish: NetworkWish["encryption"],
  kernel: KernelFeatures,
): InForce<boolean> {
  if (wish === "off") return { inForce: false, reason: "switched off in the configuration" };
  if (kernel.esp && kernel.xtMatch) {
    return { inForce: true, reason: `every node's kernel (${kernel.release}) can` };
  }
  if (wish === "required") {
    throw new UserError(
      `swarm-lab:network.encryption: got required, need a kernel with ESP, xt_bpf and xt_policy: ` +
        `${missing(kernel)}, and overlay traffic would silently be lost; set it to auto, or use nodes with a stock kernel`,
    );
  }
  return { inForce: false, reason: `${missing(kernel)}: overlay traffic is NOT encrypted` };
}

/** Service VIPs and the ingress mesh are IPVS rules: without it a VIP is handed out and answers nothing. */
export function decideNetworkMode(wish: NetworkWish, kernel: KernelFeatures): NetworkMode {
  const lack = `kernel ${kernel.release} has no IPVS`;
  const chosen = "chosen in the configuration";
  if (!kernel.ipvs) {
    for (const [key, value] of [
      ["endpointMode", "vip"],
      ["publish", "ingress"],
    ] as const) {
      if (wish[key] === value) {
        throw new UserError(
          `swarm-lab:network.${key}: got ${value}, need IPVS for it: ${lack}; set it to auto`,
        );
      }
    }
  }
  const has = `kernel ${kernel.release} has IPVS`;
  return {
    encryption: decideEncryption(wish.encryption, kernel),
    endpointMode:
      wish.endpointMode !== "auto"
        ? { inForce: wish.endpointMode, reason: chosen }
        : kernel.ipvs
          ? { inForce: "vip", reason: has }
          : { inForce: "dnsrr", reason: `${lack}: a service VIP would not answer` },
    publish:
      wish.publish !== "auto"
        ? { inForce: wish.publish, reason: chosen }
        : kernel.ipvs
          ? { inForce: "ingress", reason: has }
          : { inForce: "host", reason: `${lack}: the ingress mesh would not answer` },
  };
}

/** What is in force needs of every node's kernel; `encrypted`: whether any overlay is. */
export function kernelNeeds(
  { endpointMode, publish }: Pick<NetworkMode, "endpointMode" | "publish">,
  encrypted: boolean,
): KernelNeed[] {
  const rules = endpointMode.inForce === "vip" || publish.inForce === "ingress";
  const ipsec: KernelNeed[] = encrypted ? ["esp", "xtMatch"] : [];
  return ["vxlan", ...ipsec, ...(rules ? (["ipvs"] as const) : [])];
}

/** What a person should hear before it happens: that something was wished for, or usual, and will not be. */
export function networkWarnings(wish: NetworkWish, mode: NetworkMode): string[] {
  if (wish.encryption === "off" || mode.encryption.inForce) return [];
  return [
    `swarm-lab:network.encryption: got ${wish.encryption}, and ${mode.encryption.reason}; use nodes with a stock kernel where it must be`,
  ];
}
