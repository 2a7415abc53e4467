import type * as pulumi from "@pulumi/pulumi";
import type { Credentials } from "../components/nodes/credentials.ts";
import { LABEL_REGISTRY } from "../components/nodes/plan.ts";
import type { ProvidedNode, ProvidedNodes } from "../components/nodes/provider.ts";
import type { SwarmBootstrap } from "../components/swarm/bootstrap.ts";
import { ImageLoad } from "../components/swarm/image-load.ts";
import { LabRegistry, RegistryImage } from "../components/swarm/registry.ts";
import type { RegistryStorage } from "../components/swarm/registry-storage.ts";
import type { LabConfig } from "./config/resolved.ts";
import { REGISTRY_ADDRESS } from "./registry-name.ts";

/** Nodes that may run tasks. */
export function workingNodes(config: LabConfig, provided: ProvidedNodes): ProvidedNode[] {
  const managersToo = config.managerAvailability === "active";
  return provided.nodes.filter(({ handle }) => handle.role === "worker" || managersToo);
}

/**
 * Brings the images that cannot come from the registry to each node that needs them. Gives back their ids, which are the
 * same on every node, and what to depend on for all nodes to have them.
 */
export function loadImages(
  config: LabConfig,
  provided: ProvidedNodes,
  images: { readonly registry: string; readonly edge?: string },
  parent: pulumi.Resource,
) {
  const ids: Record<string, pulumi.Output<string>> = {};
  const loaded: pulumi.Resource[] = [];
  for (const node of workingNodes(config, provided)) {
    const wanted = [
      ...(node.handle.labels[LABEL_REGISTRY] ? [images.registry] : []),
      ...(images.edge ? [images.edge] : []),
    ];
    if (wanted.length === 0) continue;
    const load = new ImageLoad(
      `images-${node.handle.name}`,
      { node, engine: provided.buildEngine, images: wanted },
      { parent },
    );
    loaded.push(load.loaded);
    // The first node's, so that a lab that grows gives none of its services another image.
    for (const image of wanted) ids[image] ??= load.ids.apply((known) => known[image] ?? "");
  }
  return { ids, loaded };
}

export interface RegistryRequest {
  readonly config: LabConfig;
  readonly provided: ProvidedNodes;
  readonly swarm: SwarmBootstrap;
  readonly credentials: pulumi.Output<Credentials>;
  readonly image: pulumi.Output<string>;
  /** The application's image on the build engine. */
  readonly app: string;
  /** Where its images are; left out: on the volume that the configuration names. */
  readonly storage?: RegistryStorage;
}

/** Where the images are: on the volume, or where `elsewhere` says. Images that belong on S3 are never put on a volume without a word. */
export function storageOf(
  { registry: { storage, volume } }: LabConfig,
  elsewhere?: RegistryStorage,
): RegistryStorage {
  if ((elsewhere?.kind ?? "volume") !== storage)
    throw new Error(`the registry's storage is ${storage}, and none was made for it`);
  return elsewhere ?? { kind: "volume", volume };
}

/** The lab's registry, and the application's image in it. */
export function createRegistry(request: RegistryRequest, opts: pulumi.ComponentResourceOptions) {
  const { config, provided, swarm, credentials, image } = request;
  const registry = new LabRegistry(
    "registry",
    {
      lab: config.lab,
      address: REGISTRY_ADDRESS,
      image,
      storage: storageOf(config, request.storage),
      credentials,
      labels: config.labels,
    },
    // Not on its node's membership: the task waits for the node's label, and its image is there already.
    opts,
  );
  const at = provided.nodes.findIndex(({ silent }) => !silent);
  const [pusher, member] = [provided.nodes[at], swarm.members[at]];
  const holder = provided.nodes.find(({ handle }) => handle.labels[LABEL_REGISTRY]);
  if (!pusher || !member || !holder) throw new Error("a lab with a registry has nodes for it");
  const app = new RegistryImage(
    "image-app",
    {
      registry,
      node: pusher.handle,
      holder: request.storage?.kind === "s3" ? request.storage.bucket : holder.machineId,
      silent: holder.silent,
      engine: provided.buildEngine,
      image: request.app,
    },
    { parent: opts.parent, deletedWith: opts.deletedWith, dependsOn: [member.joined] },
  );
  return { registry, app };
}
