import { portCandidates } from "../components/nodes/plan.ts";
import type { LabConfig } from "./config/resolved.ts";

/** The purpose under which a service's published port is settled. */
export const servicePort = (service: string, target: number) => `${service}.${target}`;

/** Every loopback port the lab wants, by purpose, with the setting that asks for it. */
export function portWishes(config: LabConfig) {
  const wishes: Record<string, { port: number | "auto"; where: string }> = {
    api: { port: config.ports.api, where: "swarm-lab:ports.api" },
  };
  if (config.registry.enabled) {
    wishes.registry = { port: config.ports.registry, where: "swarm-lab:ports.registry" };
  }
  for (const [service, { ports }] of Object.entries(config.services)) {
    for (const [index, { target, published }] of ports.entries()) {
      const where = `swarm-lab:services.${service}.ports[${index}].published`;
      wishes[servicePort(service, target)] = { port: published, where };
    }
  }
  return wishes;
}

/** What only a gateway publishes. */
const OF_GATEWAY = ["api", "registry"];

/** Ports that say auto, on machines without a gateway: the first that the lab's name wants and no other setting has. */
export function portsOnNodes(config: LabConfig): Record<string, number> {
  const wishes = Object.entries(portWishes(config)).filter(([key]) => !OF_GATEWAY.includes(key));
  const taken = new Set<number | "auto">(wishes.map(([, { port }]) => port));
  const settled: Record<string, number> = {};
  for (const [purpose, { port }] of wishes) {
    const candidates = [...portCandidates(config.lab, purpose)];
    const chosen = port === "auto" ? candidates.find((one) => !taken.has(one)) : port;
    if (chosen === undefined) throw new Error(`no port is left for ${purpose}`);
    settled[purpose] = chosen;
    taken.add(chosen);
  }
  return settled;
}

/** Subnets inside the swarm, which the nodes' own network must keep away from. */
export function innerSubnets(config: LabConfig): string[] {
  const overlays = Object.values(config.network.overlays).map(({ subnet }) => subnet);
  return [config.network.addressPool.subnet, ...overlays.filter((subnet) => subnet !== "auto")];
}
