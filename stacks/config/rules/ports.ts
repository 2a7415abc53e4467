import { CONTROL_PORT, GOSSIP_PORT } from "../../../components/swarm/ports.ts";
import type { Finding, Path } from "../finding.ts";
import { formatPath } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** Where the engines of the nodes listen, which the ingress mesh would take from them. */
const ENGINE_PORTS: Readonly<Record<number, string>> = {
  2376: "the engine API",
  [CONTROL_PORT]: "the swarm's control plane",
  [GOSSIP_PORT]: "overlay gossip",
};

export function portErrors(config: LabConfig): Finding[] {
  const findings: Finding[] = [];
  const takenBy = new Map<number, Path>();
  for (const { path, port } of publishedPorts(config)) {
    const other = takenBy.get(port);
    takenBy.set(port, other ?? path);
    if (other) {
      const need = `a port of its own: ${formatPath(other)} has it`;
      findings.push({ path, value: port, need, fix: 'choose another or write "auto"' });
    }
    const engine = path[0] === "services" ? ENGINE_PORTS[port] : undefined;
    if (engine) {
      const need = `a port that the nodes' engines do not use: ${port} is ${engine}`;
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
