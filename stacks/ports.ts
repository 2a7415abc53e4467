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

/** Subnets inside the swarm, which the nodes' own network must keep away from. */
export function innerSubnets(config: LabConfig): string[] {
  const overlays = Object.values(config.network.overlays).map(({ subnet }) => subnet);
  return [config.network.addressPool.subnet, ...overlays.filter((subnet) => subnet !== "auto")];
}
