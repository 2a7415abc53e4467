import type { Finding, Path } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** Settings of what only the lab's own containers have, with a provider whose nodes are machines. */
export function containerErrors({ provider, nodes, network, ports }: LabConfig): Finding[] {
  const need = `nothing with provider ${provider}: it is for nodes that are containers`;
  const given: readonly (readonly [Path, unknown, boolean])[] = [
    [["nodes", "image"], nodes.image, nodes.image !== undefined],
    [["nodes", "memory"], nodes.memoryBytes, nodes.memoryBytes !== undefined],
    [["nodes", "cpus"], nodes.cpus, nodes.cpus !== undefined],
    [["nodes", "engineFlags"], nodes.engineFlags, nodes.engineFlags.length > 0],
    [["network", "subnet"], network.subnet, provider === "hosts" && network.subnet !== "auto"],
    [["ports", "api"], ports.api, ports.api !== "auto"],
    [["ports", "registry"], ports.registry, ports.registry !== "auto"],
  ];
  return given
    .filter(([, , wrong]) => wrong)
    .map(([path, value]) => ({ path, value, need, fix: "remove the setting" }));
}
