import { Address4 } from "ip-address";
import type { Finding } from "../finding.ts";
import type { LabConfig, OverlaySettings } from "../resolved.ts";
import type { ServiceSettings } from "../resolved-service.ts";

/** Network, broadcast and gateway addresses. */
const RESERVED = 3;

/**
 * An overlay hands out an address to each task, one to each service (its virtual IP) and one to each
 * node that runs tasks; start-first updates need those of the new tasks besides.
 */
export function overlaySizeErrors(config: LabConfig): Finding[] {
  return Object.entries(config.network.overlays).flatMap(([name, overlay]) =>
    overlaySizeError(config, name, overlay),
  );
}

function overlaySizeError(config: LabConfig, name: string, overlay: OverlaySettings): Finding[] {
  const { size } = config.network.addressPool;
  const automatic = overlay.subnet === "auto";
  const bits = automatic ? size : new Address4(overlay.subnet).subnetMask;
  const nodes = config.managers + config.workers;
  const needed = addressesNeeded(config, name, nodes);
  if (2 ** (32 - bits) >= needed) return [];
  return [
    {
      path: automatic
        ? ["network", "addressPool", "size"]
        : ["network", "overlays", name, "subnet"],
      value: automatic ? size : overlay.subnet,
      need: `${needed} addresses in overlay ${name}: its tasks, services and ${nodes} nodes have one each`,
      fix: `use a /${32 - Math.ceil(Math.log2(needed))}`,
    },
  ];
}

function addressesNeeded({ services }: LabConfig, overlay: string, nodes: number): number {
  return Object.values(services)
    .filter(({ networks }) => networks.includes(overlay))
    .reduce((sum, service) => sum + tasksAtOnce(service, nodes) + 1, nodes + RESERVED);
}

function tasksAtOnce({ mode, replicas, update }: ServiceSettings, nodes: number): number {
  const tasks = mode === "global" ? nodes : replicas;
  if (update.order === "stop-first") return tasks;
  return tasks + (update.parallelism === 0 ? tasks : Math.min(tasks, update.parallelism));
}
