import type * as pulumi from "@pulumi/pulumi";
import type { KernelFeatures, NodeHandle } from "../components/nodes/types.ts";
import { decideEncryption } from "../components/swarm/network-mode.ts";
import { OverlayNetwork } from "../components/swarm/overlay-network.ts";
import type { LabConfig } from "./config/resolved.ts";

/** Whether any overlay network of the configuration is encrypted on such a kernel. */
export const anyEncrypted = ({ network }: LabConfig, kernel: KernelFeatures): boolean =>
  Object.values(network.overlays).some(
    ({ encryption }) => decideEncryption(encryption, kernel).inForce,
  );

/** The overlay networks of the configuration, each encrypted or not as it asks and the kernel can. */
export function createNetworks(
  config: LabConfig,
  kernel: KernelFeatures,
  managers: readonly NodeHandle[],
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<string, OverlayNetwork>> {
  const { lab, labels } = config;
  const made = Object.entries(config.network.overlays).map(([network, overlay]) => {
    const { subnet, attachable } = overlay;
    const encrypted = decideEncryption(overlay.encryption, kernel).inForce;
    const { mtu } = config.network;
    const args = { lab, network, subnet, attachable, encrypted, mtu, managers, labels };
    return [network, new OverlayNetwork(`network-${network}`, args, opts)] as const;
  });
  return Object.fromEntries(made);
}
