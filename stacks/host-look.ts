import type { HostLook } from "../components/nodes/hosts/look.ts";
import type { HostRecord } from "../components/nodes/hosts/record.ts";
import { LABEL_REGISTRY, planHosts } from "../components/nodes/plan.ts";
import type { LabConfig } from "./config/resolved.ts";

/** What the preflight of provider hosts is told. `root`: the project's folder. */
export function hostLook(config: LabConfig, root: string, record: HostRecord): HostLook {
  const { lab, hosts, hostSetup, network } = config;
  const registry = planHosts(config).find(({ labels }) => labels[LABEL_REGISTRY])?.name;
  const opens = hostSetup.firewall === "auto";
  const { dataPathPort } = network;
  const { id, kernel } = record;
  return { claim: { lab, id }, hosts, dataPathPort, opens, root, registry, kernel };
}
