/** What the kernel of an instance can: counted on when the lab is planned, and asked once the instance runs. */
import type { Problem } from "../../errors.ts";
import type { KernelNeed, KernelProbe } from "../kernel-probe.ts";
import type { KernelFeatures } from "../types.ts";

/**
 * The kernel of Debian 13's image for EC2, linux-image-cloud: overlays, encrypted ones too, VIPs and the ingress mesh work on it
 * (`npm run test:vm` boots it). There is no instance to ask when a lab is planned, and every one of them starts from that image.
 */
export const IMAGE_KERNEL: KernelFeatures = {
  release: "6.12 of Debian 13",
  ...{ vxlan: true, esp: true, xtMatch: true, ipvs: true, netem: true, nfs: true },
};

const FIX: Readonly<Record<KernelNeed, string>> = {
  vxlan: "start it from Debian's own image",
  esp: "set swarm-lab:network.encryption to off",
  xtMatch: "set swarm-lab:network.encryption to off",
  ipvs: "set swarm-lab:network.endpointMode to dnsrr and network.publish to host",
};

/** Everything that was planned and the kernel of a node cannot. Pure. */
export const kernelProblems = (
  node: string,
  probe: KernelProbe,
  needs: readonly KernelNeed[],
): Problem[] =>
  needs
    .filter((need) => !probe[need])
    .map((need) => ({
      where: `${node}: kernel ${probe.release}`,
      got: `no ${need} (${probe.said[need]})`,
      need: `what the kernel ${IMAGE_KERNEL.release} has`,
      fix: FIX[need],
    }));
