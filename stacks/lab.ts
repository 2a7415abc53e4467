import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../components/command.ts";
import { LabCredentials } from "../components/nodes/lab-credentials.ts";
import { LocalNodes } from "../components/nodes/local/nodes.ts";
import type { LocalGround } from "../components/nodes/local/plan.ts";
import { planNetwork, planNodes } from "../components/nodes/plan.ts";
import { SwarmBootstrap, type SwarmKeys } from "../components/swarm/bootstrap.ts";
import { ComposeStack } from "../components/swarm/compose-stack.ts";
import { decideNetworkMode } from "../components/swarm/network-mode.ts";
import { OverlayNetwork } from "../components/swarm/overlay-network.ts";
import type { Reach } from "../components/swarm/reach.ts";
import { REGISTRY_PORT } from "../components/swarm/registry.ts";
import type { ConvergedInput } from "../scripts/swarm/converged.ts";
import type { LabConfig } from "./config/resolved.ts";
import { createObjects } from "./objects.ts";
import { appAddresses, describe, type LabDescription } from "./outputs.ts";
import { servicePort } from "./ports.ts";
import { createRegistry, loadImages, REGISTRY_ADDRESS, REGISTRY_HOST } from "./registry.ts";
import { createServices } from "./services.ts";

export interface LabArgs {
  readonly config: LabConfig;
  readonly ground: LocalGround;
  readonly warnings: readonly string[];
}

const API_PORT = 2376;

/** Everything that one stack stands up, top to bottom: credentials, nodes, swarm, networks, objects, registry, services. */
export class Lab extends pulumi.ComponentResource {
  readonly description: LabDescription;
  readonly clusterId: pulumi.Output<string>;
  readonly keys: pulumi.Output<SwarmKeys>;
  /** What was seen of requests between nodes when the services last changed. */
  readonly reach: pulumi.Output<Reach>;

  constructor(name: string, args: LabArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:stacks:Lab", name, {}, opts);
    const { config, ground } = args;
    const { lab, labels } = config;
    const mode = decideNetworkMode(config.network, ground.kernel);
    const credentials = new LabCredentials(
      "credentials",
      {
        lab,
        registryHost: REGISTRY_HOST,
        username: config.registry.username,
        registryPassword: config.registry.password,
      },
      { parent: this },
    ).value;
    const provided = new LocalNodes(
      "nodes",
      {
        lab,
        engine: ground.engine,
        nodes: planNodes(config, ground.subnet),
        subnet: ground.subnet,
        gateway: this.gateway(args),
        machine: { ...config.nodes, image: ground.images.node },
        registry: REGISTRY_ADDRESS,
        credentials,
        labels,
      },
      { parent: this },
    );
    const swarm = new SwarmBootstrap(
      "swarm",
      {
        provided,
        credentials,
        managerAvailability: config.managerAvailability,
        settings: config.swarm,
        addressing: {
          addressPool: config.network.addressPool.subnet,
          addressPoolSize: config.network.addressPool.size,
          dataPathPort: config.network.dataPathPort,
        },
      },
      { parent: this, deletedWith: provided.lifetime },
    );
    this.clusterId = swarm.clusterId;
    this.keys = swarm.keys;
    const managers = provided.nodes.map((node) => node.handle).filter((n) => n.role === "manager");
    const inside: pulumi.ComponentResourceOptions = {
      parent: this,
      provider: swarm.provider,
      deletedWith: provided.lifetime,
    };

    const overlays = Object.entries(config.network.overlays).map(([key, overlay]) => {
      const { encryption } = decideNetworkMode(
        { ...config.network, encryption: overlay.encryption },
        ground.kernel,
      );
      const { subnet, attachable } = overlay;
      const encrypted = encryption.inForce;
      return [
        key,
        new OverlayNetwork(
          `network-${key}`,
          { lab, network: key, subnet, attachable, encrypted, managers, labels },
          inside,
        ),
      ] as const;
    });
    const objects = createObjects(config, inside);
    const published = Object.values(config.services).some(({ ports }) => ports.length > 0);
    const edge = mode.publish.inForce === "host" && published ? ground.images.gateway : undefined;
    const ids = loadImages(config, provided, { registry: ground.images.registry, edge }, this);
    const registryImage = ids[ground.images.registry];
    const stored =
      registryImage &&
      createRegistry(
        { config, provided, swarm, credentials, image: registryImage, app: ground.images.app },
        inside,
      );
    const login = pulumi.secret(credentials.registryLogin);
    const services = createServices(
      {
        config,
        mode,
        ports: ground.ports,
        overlays: Object.fromEntries(overlays),
        objects,
        builtIn: stored ? { app: stored.app.reference } : {},
        auth: {
          serverAddress: REGISTRY_ADDRESS,
          username: login.username,
          password: login.password,
        },
        edgeImage: edge && ids[edge],
      },
      { ...inside, dependsOn: [swarm.ready] },
    );
    const variables = {
      ...(stored ? { REGISTRY: REGISTRY_ADDRESS, APP_IMAGE: stored.app.reference } : {}),
      ...named("SECRET", objects.secrets, (secret) => secret.secretName),
      ...named("CONFIG", objects.configs, (object) => object.configName),
    };
    for (const [stack, { content }] of Object.entries(config.composeStacks)) {
      new ComposeStack(
        `compose-${stack}`,
        {
          stack,
          content,
          variables,
          managers,
          registry: stored && {
            address: REGISTRY_ADDRESS,
            username: login.username,
            password: login.password,
          },
        },
        { ...inside, dependsOn: [...overlays.map(([, network]) => network.usable), ...services] },
      );
    }
    const probed = Object.entries(config.services).find(([, service]) => service.image === "app");
    const converged: ConvergedInput = {
      nodes: provided.nodes.map(({ handle }) => handle),
      services: Object.keys(config.services),
      urls: Object.values(appAddresses(config, ground.ports)).flat(),
      probe: probed && { service: probed[0], port: probed[1].ports[0]?.target ?? 8080 },
    };
    const gate = step(
      "converged",
      {
        create: "swarm/converged.ts",
        inputs: {
          LAB_CONVERGED: converged,
          LAB_SERVICES: config.services,
          LAB_IMAGES: stored?.app.reference ?? "",
          LAB_OBJECTS: variables,
        },
      },
      { parent: this, deletedWith: provided.lifetime, dependsOn: services },
    );
    this.reach = resultOf<{ reach: Reach }>(gate).reach;
    const { ports } = ground;
    this.description = describe({ ...args, provided, ports, mode, kernel: ground.kernel });
    this.registerOutputs({ clusterId: this.clusterId });
  }

  /** What the gateway offers, and where: the API and the registry under their own ports, services under the published one. */
  private gateway({ config, ground }: LabArgs) {
    const tcp: Record<string, { listen: number; target: number }> = {};
    const published: Record<number, number> = { [API_PORT]: ground.ports.api ?? 0 };
    if (config.registry.enabled) {
      tcp.registry = { listen: REGISTRY_PORT, target: REGISTRY_PORT };
      published[REGISTRY_PORT] = ground.ports.registry ?? 0;
    }
    for (const [key, { ports }] of Object.entries(config.services)) {
      for (const { target } of ports) {
        const port = ground.ports[servicePort(key, target)] ?? 0;
        tcp[`${key}-${target}`] = { listen: port, target: port };
        published[port] = port;
      }
    }
    return {
      address: planNetwork(ground.subnet).gateway,
      image: ground.images.gateway,
      plan: { api: { listen: API_PORT, target: API_PORT }, tcp },
      published,
      ports: ground.ports,
    };
  }
}

/** Names of objects as variables for compose files: app-token becomes SECRET_APP_TOKEN. */
function named<T>(
  prefix: string,
  objects: Readonly<Record<string, T>>,
  nameOf: (object: T) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  const key = (text: string) => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  return Object.fromEntries(
    Object.entries(objects).map(([name, object]) => [`${prefix}_${key(name)}`, nameOf(object)]),
  );
}
