import type * as pulumi from "@pulumi/pulumi";
import { HostNodes } from "../components/nodes/hosts/nodes.ts";
import { type HostGround, handlesOf, prepareHosts } from "../components/nodes/hosts/plan.ts";
import { arePeersStale } from "../components/nodes/hosts/record.ts";
import { LocalNodes } from "../components/nodes/local/nodes.ts";
import { type LocalGround, prepareLocal } from "../components/nodes/local/plan.ts";
import { planHosts, planNodes } from "../components/nodes/plan.ts";
import type { ProvidedNodes } from "../components/nodes/provider.ts";
import { hostRecord } from "../scripts/cli/host-record.ts";
import { readState } from "../scripts/cli/state.ts";
import type { AwsLabGround } from "./aws-lab.ts";
import type { LabConfig } from "./config/resolved.ts";
import { gatewayOf } from "./entrances.ts";
import { hostLook } from "./host-look.ts";
import { innerSubnets, portsOnNodes, portWishes } from "./ports.ts";
import type { Provided, ProvideRequest } from "./provided.ts";
import { REGISTRY_ADDRESS } from "./registry-name.ts";
import { refuseUnfinished } from "./unfinished.ts";

/** What the machines under the lab give to it, known before any resource is. */
export type Ground = (
  | ({ readonly provider: "local" } & LocalGround)
  | ({ readonly provider: "hosts" } & HostGround)
  | ({ readonly provider: "aws" } & AwsLabGround)
) & {
  /** The port of each purpose, as it is reached from outside. */
  readonly ports: Readonly<Record<string, number>>;
  /** What a person should know although nothing is refused for it. */
  readonly warnings: readonly string[];
  /** Whether what steps have on record of their peers has to be made anew. */
  readonly peersStale: boolean;
};

export interface Preparation {
  /** The project's folder. */
  readonly root: string;
  /** The stack's name, as Pulumi finds it. */
  readonly stack: string;
  readonly report: (line: string) => void;
}

/** The preflight of the lab's provider. Throws one UserError with every problem, before anything is made. */
export async function prepare(
  config: LabConfig,
  { root, stack, report }: Preparation,
): Promise<Ground> {
  refuseUnfinished(config.provider);
  if (config.provider === "aws") {
    // Loaded for none but those who use it.
    const { prepareLabOnAws } = await import("./aws-lab.ts");
    const ground = await prepareLabOnAws(config, { stack, report, now: Date.now() });
    return { provider: "aws", ...ground, ports: portsOnNodes(config), peersStale: false };
  }
  if (config.provider === "hosts") {
    const record = hostRecord(await readState(stack));
    const ground = await prepareHosts({ ...hostLook(config, root, record), report });
    const stale = arePeersStale(record, ground.connections);
    return { provider: "hosts", ...ground, ports: portsOnNodes(config), peersStale: stale };
  }
  const ground = await prepareLocal({
    lab: config.lab,
    subnet: config.network.subnet,
    avoid: innerSubnets(config),
    ports: portWishes(config),
    nodeImage: config.nodes.image,
    report,
  });
  return { provider: "local", ...ground, warnings: [], peersStale: false };
}

/** The nodes of the lab, by its provider, and what it makes besides. */
export function provide(
  config: LabConfig,
  ground: Ground,
  request: ProvideRequest,
  opts: pulumi.ComponentResourceOptions,
): Provided {
  if (ground.provider === "aws") return ground.provide(config, ground, request, opts);
  const nodes = provideNodes(config, ground, request, opts);
  return { nodes, outputs: {} };
}

function provideNodes(
  config: LabConfig,
  ground: Exclude<Ground, { readonly provider: "aws" }>,
  { credentials }: ProvideRequest,
  opts: pulumi.ComponentResourceOptions,
): ProvidedNodes {
  const { lab, labels } = config;
  const shared = { lab, engine: ground.engine, registry: REGISTRY_ADDRESS, credentials };
  if (ground.provider === "hosts") {
    const { hostSetup: setup, registry, services } = config;
    const { dataPathPort } = config.network;
    const mounted = Object.values(services).flatMap(({ mounts }) => mounts);
    const volumes = [registry.volume, ...mounted.map(({ volume }) => volume)];
    const nodes = handlesOf(planHosts(config), ground);
    return new HostNodes(
      "nodes",
      { ...shared, nodes, setup, dataPathPort, volumes, silent: ground.silent },
      opts,
    );
  }
  return new LocalNodes(
    "nodes",
    {
      ...shared,
      nodes: planNodes(config, ground.subnet),
      subnet: ground.subnet,
      gateway: gatewayOf(config, ground),
      machine: { ...config.nodes, image: ground.images.node },
      labels,
    },
    opts,
  );
}
