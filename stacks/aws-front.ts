import * as pulumi from "@pulumi/pulumi";
import { type Listener, planListeners } from "../components/nodes/aws/listeners.ts";
import type { Placement } from "../components/nodes/aws/placement.ts";
import { REGISTRY_PORT } from "../components/swarm/ports.ts";
import type { LabConfig } from "./config/resolved.ts";
import { appAddresses } from "./outputs.ts";
import { portsOnNodes, servicePort } from "./ports.ts";

/** What the load balancer that the configuration asks for listens on; empty where it asks for none. */
export function listenersOf(config: LabConfig, { nodes }: Placement): Listener[] {
  const { aws, services, network, managerAvailability } = config;
  if (aws.loadBalancer === undefined) return [];
  const { clients, everybody, registry } = aws.loadBalancer;
  const settled = portsOnNodes(config);
  const ports = Object.entries(services).flatMap(([service, settings]) =>
    settings.ports.map(({ target }) => {
      const purpose = servicePort(service, target);
      const published = settled[purpose];
      if (published === undefined) throw new Error(`no port was settled for ${purpose}`);
      return { key: `${service}-tcp${target}`, published, everybody: everybody.includes(purpose) };
    }),
  );
  const managersRunTasks = managerAvailability === "active";
  return planListeners({
    ...{ ports, nodes, publish: network.publish, managersRunTasks, clients, registry },
  });
}

/** What is opened at the load balancer: the addresses of each service's ports, and where the registry is. */
export function entrancesOf(config: LabConfig, dnsName: pulumi.Output<string>) {
  const apps = dnsName.apply((host) => appAddresses(config, portsOnNodes(config), host));
  if (!config.aws.loadBalancer?.registry) return { apps };
  return { apps, registry: pulumi.interpolate`${dnsName}:${REGISTRY_PORT}` };
}
