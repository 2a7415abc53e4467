import {
  CONTROL_PORT,
  ENGINE_API_PORT,
  GOSSIP_PORT,
  REGISTRY_PORT,
} from "../../../components/swarm/ports.ts";
import type { Finding, Path } from "../finding.ts";
import { formatPath } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** What a service may not publish, as a node or the gateway listens there: the number is the same on all three. */
function ownPorts({ registry }: LabConfig): Readonly<Record<number, string | undefined>> {
  return {
    [ENGINE_API_PORT]: "the engine API",
    [CONTROL_PORT]: "the swarm's control plane",
    [GOSSIP_PORT]: "overlay gossip",
    ...(registry.enabled ? { [REGISTRY_PORT]: "the registry" } : {}),
  };
}

export function portErrors(config: LabConfig): Finding[] {
  const findings: Finding[] = [];
  const own = ownPorts(config);
  const takenBy = new Map<number, Path>();
  for (const { path, port } of publishedPorts(config)) {
    const other = takenBy.get(port);
    takenBy.set(port, other ?? path);
    if (other) {
      const need = `a port of its own: ${formatPath(other)} has it`;
      findings.push({ path, value: port, need, fix: 'choose another or write "auto"' });
    }
    const user = path[0] === "services" ? own[port] : undefined;
    if (user) {
      const need = `a port that the nodes do not use themselves: ${port} is ${user}`;
      findings.push({ path, value: port, need, fix: 'choose another or write "auto"' });
    }
  }
  return [...findings, ...targetErrors(config)];
}

function publishedPorts({ ports, registry, services }: LabConfig): { path: Path; port: number }[] {
  const lab = [
    { path: ["ports", "api"], port: ports.api },
    ...(registry.enabled ? [{ path: ["ports", "registry"], port: ports.registry }] : []),
  ];
  const published = Object.entries(services).flatMap(([name, service]) =>
    service.ports.map(({ published: port }, index) => ({
      path: ["services", name, "ports", index, "published"],
      port,
    })),
  );
  return [...lab, ...published].flatMap(({ path, port }) =>
    port === "auto" ? [] : [{ path, port }],
  );
}

function targetErrors({ services }: LabConfig): Finding[] {
  return Object.entries(services).flatMap(([name, { ports }]) =>
    ports.flatMap(({ target }, index) => {
      const first = ports.findIndex((port) => port.target === target);
      if (first === index) return [];
      const path = ["services", name, "ports", index, "target"];
      return [{ path, value: target, need: "each target port once", fix: "remove the second one" }];
    }),
  );
}
