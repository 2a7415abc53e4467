import * as pulumi from "@pulumi/pulumi";
import { ZONE_FILE } from "../components/nodes/types.ts";
import { Edge } from "../components/swarm/edge.ts";
import type { EdgeRoute } from "../components/swarm/edge-config.ts";
import type { NetworkMode } from "../components/swarm/network-mode.ts";
import type { OverlayNetwork } from "../components/swarm/overlay-network.ts";
import { SwarmService } from "../components/swarm/service.ts";
import type { ServicePort } from "../components/swarm/service-spec.ts";
import type { LabConfig } from "./config/resolved.ts";
import type { ServiceSettings } from "./config/resolved-service.ts";
import type { LabObjects } from "./objects.ts";
import { servicePort } from "./ports.ts";

export interface ServicesRequest {
  readonly config: LabConfig;
  readonly mode: NetworkMode;
  /** Loopback ports by purpose; a node publishes a service under the same number. */
  readonly ports: Readonly<Record<string, number>>;
  readonly overlays: Readonly<Record<string, OverlayNetwork>>;
  readonly objects: LabObjects;
  /** Built-in images by name, as the nodes pull them. */
  readonly builtIn: Readonly<Record<string, pulumi.Input<string>>>;
  readonly auth?: {
    readonly serverAddress: string;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Input<string>;
  };
  /** Id of the edge's image on the nodes; needed where services cannot publish through the ingress mesh. */
  readonly edgeImage?: pulumi.Input<string>;
  /** When they are there, every node has that image. */
  readonly edgeImageLoaded: readonly pulumi.Resource[];
  /**
   * Every node is there: tasks are spread when they are created, and never moved after. The edge waits too: of two nodes
   * that enter an overlay before they have heard of one another, each knows the other's tasks only half a minute later,
   * when nodes next compare all they know (networkdb's bulk sync; seen in two of ten labs).
   */
  readonly ready: pulumi.Resource;
}

function mountedObjects(settings: ServiceSettings, { secrets, configs }: LabObjects) {
  return {
    secrets: settings.secrets.map(({ secret, target, mode }) => {
      const made = secrets[secret];
      if (made === undefined) throw new Error(`secret ${secret} was not made`);
      return { id: made.secretId, name: made.secretName, target, mode };
    }),
    configs: settings.configs.map(({ config, target, mode }) => {
      const made = configs[config];
      if (made === undefined) throw new Error(`config ${config} was not made`);
      return { id: made.configId, name: made.configName, target, mode };
    }),
  };
}

/** The services of the configuration and, where the ingress mesh cannot be, the edge that publishes their ports. */
export function createServices(request: ServicesRequest, opts: pulumi.ComponentResourceOptions) {
  const { config, mode, overlays, ports } = request;
  const routes: (EdgeRoute & { networks: readonly string[] })[] = [];
  const services = Object.entries(config.services).map(([key, settings]) => {
    const builtIn = request.builtIn[settings.image];
    const publish: ServicePort[] = [];
    for (const { target } of settings.ports) {
      const published = ports[servicePort(key, target)];
      if (published === undefined) throw new Error(`port ${target} of ${key} was not settled`);
      if (mode.publish.inForce === "ingress")
        publish.push({ target, published, publishMode: "ingress" });
      else routes.push({ service: key, target, published, networks: settings.networks });
    }
    const used = settings.networks.flatMap((network) => overlays[network] ?? []);
    return new SwarmService(
      `service-${key}`,
      {
        lab: config.lab,
        service: key,
        image: builtIn ?? settings.image,
        // The zone is known to a task only through the file of its node.
        spec: { ...settings, env: { ZONE_FILE, ...settings.env } },
        networkIds: used.map(({ networkId }) => networkId),
        endpointMode: mode.endpointMode.inForce,
        ports: publish,
        ...mountedObjects(settings, request.objects),
        mounts: [
          ...settings.mounts.map(({ volume, target, readOnly }) => ({
            type: "volume" as const,
            source: volume,
            target,
            readOnly,
          })),
          { type: "bind" as const, source: ZONE_FILE, target: ZONE_FILE, readOnly: true },
        ],
        auth: builtIn === undefined ? undefined : request.auth,
        labels: config.labels,
      },
      pulumi.mergeOptions(opts, {
        dependsOn: [request.ready, ...used.map(({ usable }) => usable)],
      }),
    );
  });
  if (routes.length === 0 || request.edgeImage === undefined) return services;
  const networks = [...new Set(routes.flatMap((route) => route.networks))];
  const reached = networks.flatMap((network) => overlays[network] ?? []);
  const edge = new Edge(
    "edge",
    {
      lab: config.lab,
      image: request.edgeImage,
      routes: routes.map(({ service, published, target }) => ({ service, published, target })),
      networkIds: reached.map(({ networkId }) => networkId),
      labels: config.labels,
    },
    pulumi.mergeOptions(opts, {
      dependsOn: [
        request.ready,
        ...reached.map(({ usable }) => usable),
        ...request.edgeImageLoaded,
      ],
    }),
  );
  return [...services, edge];
}
