import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import { parse } from "yaml";
import type { LocalGround } from "../../components/nodes/local/plan.ts";
import { planNodes } from "../../components/nodes/plan.ts";
import type { ProvidedNodes } from "../../components/nodes/provider.ts";
import type { KernelFeatures, NodeHandle, PlannedNode } from "../../components/nodes/types.ts";
import { loadConfig } from "../../stacks/config/load.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { Lab } from "../../stacks/lab.ts";
import { portWishes } from "../../stacks/ports.ts";

export const ROOT = join(import.meta.dirname, "../..");
export const ENGINE = "unix:///var/run/docker.sock";
const SUBNET = "10.210.3.0/24";

/** A kernel on which everything works, and one without IPsec and IPVS. */
export const FULL_KERNEL: KernelFeatures = {
  release: "6.12.0",
  vxlan: true,
  esp: true,
  xtMatch: true,
  ipvs: true,
  netem: true,
};
export const POOR_KERNEL: KernelFeatures = { ...FULL_KERNEL, esp: false, ipvs: false };

/** The dev lab's configuration with `changes`, whole top-level settings, made to it. */
export function devConfig(changes: Readonly<Record<string, unknown>> = {}): LabConfig {
  const text = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8");
  const settings = { ...(parse(text) as { config: Record<string, unknown> }).config };
  for (const [key, value] of Object.entries(changes)) settings[`swarm-lab:${key}`] = value;
  const all = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return loadConfig({ project: "swarm-lab", stack: "dev", all, root: ROOT }).config;
}

/** What a preflight may find for this configuration: ports from 20001 on, in the order of the wishes. */
export function groundFor(config: LabConfig, kernel = POOR_KERNEL): LocalGround {
  const wishes = Object.entries(portWishes(config));
  return {
    engine: ENGINE,
    kernel,
    subnet: SUBNET,
    ports: Object.fromEntries(
      wishes.map(([purpose, { port }], at) => [purpose, port === "auto" ? 20_001 + at : port]),
    ),
    images: {
      node: "swarm-lab/node:1",
      gateway: "swarm-lab/gateway:1",
      registry: "swarm-lab/registry:1",
      app: "swarm-lab/app:1",
    },
  };
}

/** The whole lab; call it inside `record`. */
export function buildLab(changes: Readonly<Record<string, unknown>> = {}, kernel = POOR_KERNEL) {
  const config = devConfig(changes);
  return new Lab(config.lab, {
    ...{ config, ground: groundFor(config, kernel), warnings: [] },
    ...{ root: ROOT, drills: config.drills },
  });
}

/** Three managers in three zones and two workers. */
export function plannedNodes(managers = 3, workers = 2): PlannedNode[] {
  return planNodes({ ...devConfig(), managers, workers }, SUBNET);
}

export function handleOf(node: PlannedNode): NodeHandle {
  const container = `swarm-lab-dev-${node.name}`;
  return { ...node, connection: { kind: "container", container, engine: ENGINE } };
}

/** Nodes with volumes in the place of their machines; call it inside `record`. */
export function providedNodes(nodes = plannedNodes()): ProvidedNodes {
  return {
    nodes: nodes.map((node) => {
      const machine = new docker.Volume(`machine-${node.name}`, {});
      return { handle: handleOf(node), machine, machineId: machine.id };
    }),
    buildEngine: ENGINE,
    api: { host: "127.0.0.1", port: 20_001 },
  };
}
