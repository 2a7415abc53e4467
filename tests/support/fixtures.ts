import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import { parse } from "yaml";
import { IMAGE_KERNEL } from "../../components/nodes/aws/kernel.ts";
import { planPlacement } from "../../components/nodes/aws/placement.ts";
import { connectionTo } from "../../components/nodes/hosts/look.ts";
import { handlesOf } from "../../components/nodes/hosts/plan.ts";
import { planHosts, planNodes } from "../../components/nodes/plan.ts";
import type { ProvidedNodes } from "../../components/nodes/provider.ts";
import type { KernelFeatures, NodeHandle, PlannedNode } from "../../components/nodes/types.ts";
import { createOnAws } from "../../stacks/aws-machines.ts";
import { loadConfig } from "../../stacks/config/load.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { Lab } from "../../stacks/lab.ts";
import { portsOnNodes, portWishes } from "../../stacks/ports.ts";
import type { Ground } from "../../stacks/provide.ts";

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
  nfs: true,
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
export function groundFor(config: LabConfig, kernel = POOR_KERNEL): Ground {
  const wishes = Object.entries(portWishes(config));
  return {
    provider: "local",
    engine: ENGINE,
    kernel,
    warnings: [],
    peersStale: false,
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
      return { handle: handleOf(node), machine, machineId: machine.id, silent: false };
    }),
    buildEngine: ENGINE,
    api: {
      ...{ kind: "tls", host: "127.0.0.1", port: 20_001 },
      first: {
        name: "m1",
        connection: { kind: "container", container: "swarm-lab-dev-m1", engine: ENGINE },
      },
    },
    entrance: "127.0.0.1",
  };
}

/** Three managers and two workers as the configuration of provider hosts has them. */
export const HOSTS = ["m1", "m2", "m3", "w1", "w2"].map((name, at) => ({
  name,
  role: name.startsWith("m") ? ("manager" as const) : ("worker" as const),
  zone: ["a", "b", "c", "a", "b"][at] ?? "a",
  address: `192.0.2.${11 + at}`,
  user: "debian",
  hostKey: `ssh-ed25519 AAAA${name}`,
}));

/** What a preflight may find on those hosts. */
export const hostGround = (config: LabConfig, kernel = FULL_KERNEL): Ground => ({
  provider: "hosts",
  ...{ engine: ENGINE, kernel, silent: [], warnings: [], ports: { "app.8080": 20_003 } },
  peersStale: false,
  images: {
    gateway: "swarm-lab/gateway:1",
    registry: "swarm-lab/registry:1",
    app: "swarm-lab/app:1",
  },
  connections: Object.fromEntries(
    config.hosts.map((host) => [host.name, connectionTo(host, "/project")]),
  ),
});

/** The lab on those hosts, or on others; call it inside `record`. */
export function buildOnHosts(
  hosts: readonly unknown[] = HOSTS,
  { peersStale = false, silent = [] as readonly string[] } = {},
) {
  const config = devConfig({ provider: "hosts", hosts });
  const ground = { ...hostGround(config), peersStale, silent };
  return new Lab("dev", { config, ground, warnings: [], root: ROOT, drills: config.drills });
}

/** What a preflight may find for a lab on AWS. */
export function awsGround(config: LabConfig): Extract<Ground, { readonly provider: "aws" }> {
  const { region = "eu-central-1" } = config.aws;
  const { subnet } = config.network;
  return {
    ...{ provider: "aws", engine: ENGINE, kernel: IMAGE_KERNEL, warnings: [], peersStale: false },
    placement: planPlacement({ ...config, region, subnet }),
    lifetime: { begun: "2026-01-31T12:00:00Z", expires: "2026-02-01T12:00:00Z" },
    ownsBucket: true,
    ...(config.registry.storage === "s3" ? { registryBucket: "lab-registry-111122223333" } : {}),
    images: {
      gateway: "swarm-lab/gateway:1",
      registry: "swarm-lab/registry:1",
      app: "swarm-lab/app:1",
    },
    ports: portsOnNodes(config),
    provide: createOnAws,
  };
}

/** The whole lab on AWS; `aws`: its section of the configuration. Call it inside `record`. */
export function buildOnAws(aws: object = {}, settings: object = {}) {
  const given = { region: "eu-central-1", ...aws };
  const config = devConfig({ provider: "aws", aws: given, ...settings });
  const ground = awsGround(config);
  return new Lab("dev", { config, ground, warnings: [], root: ROOT, drills: config.drills });
}

/** The nodes of those hosts. */
export function hostNodes(): NodeHandle[] {
  const config = devConfig({ provider: "hosts", hosts: HOSTS });
  const ground = hostGround(config);
  if (ground.provider !== "hosts") throw new Error("hosts are provided by hosts");
  return handlesOf(planHosts(config), ground);
}
