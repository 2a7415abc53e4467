import type { LocalGround } from "../components/nodes/local/plan.ts";
import { planNetwork } from "../components/nodes/plan.ts";
import { ENGINE_API_PORT, REGISTRY_PORT } from "../components/swarm/ports.ts";
import type { LabConfig } from "./config/resolved.ts";
import { servicePort } from "./ports.ts";

/**
 * What the gateway of a local lab offers, and where: the engine API and the registry under their own ports, a service
 * under its published one, which is the same number on the nodes and on the machine's loopback address.
 */
export function gatewayOf(config: LabConfig, ground: LocalGround) {
  const settled = (purpose: string): number => {
    const port = ground.ports[purpose];
    if (port === undefined) throw new Error(`no loopback port was settled for ${purpose}`);
    return port;
  };
  const tcp: Record<string, { listen: number; target: number }> = {};
  const published: Record<number, number> = { [ENGINE_API_PORT]: settled("api") };
  if (config.registry.enabled) {
    tcp.registry = { listen: REGISTRY_PORT, target: REGISTRY_PORT };
    published[REGISTRY_PORT] = settled("registry");
  }
  for (const [key, { ports }] of Object.entries(config.services)) {
    for (const { target } of ports) {
      const port = settled(servicePort(key, target));
      tcp[`${key}-${target}`] = { listen: port, target: port };
      published[port] = port;
    }
  }
  return {
    address: planNetwork(ground.subnet).gateway,
    image: ground.images.gateway,
    plan: { api: { listen: ENGINE_API_PORT, target: ENGINE_API_PORT }, tcp },
    published,
    ports: ground.ports,
  };
}
