import * as pulumi from "@pulumi/pulumi";
import { recordPeersAnew } from "../components/command.ts";
import type { Verdict } from "../components/drills/verdict.ts";
import { LabCredentials } from "../components/nodes/lab-credentials.ts";
import { SwarmBootstrap, type SwarmKeys } from "../components/swarm/bootstrap.ts";
import {
  decideNetworkMode,
  kernelNeeds,
  networkWarnings,
} from "../components/swarm/network-mode.ts";
import type { Reach } from "../components/swarm/reach.ts";
import { createComposeStacks, objectVariables } from "./compose.ts";
import type { LabConfig } from "./config/resolved.ts";
import { createGate } from "./gate.ts";
import { anyEncrypted, createNetworks } from "./networks.ts";
import { createObjects } from "./objects.ts";
import { createOperations } from "./operations.ts";
import { describe, type LabDescription } from "./outputs.ts";
import { type Ground, provide } from "./provide.ts";
import type { Provided } from "./provided.ts";
import { createRegistry, loadImages } from "./registry.ts";
import { REGISTRY_ADDRESS, REGISTRY_HOST } from "./registry-name.ts";
import { createServices } from "./services.ts";

export interface LabArgs {
  readonly config: LabConfig;
  readonly ground: Ground;
  readonly warnings: readonly string[];
  /** The project's folder. */
  readonly root: string;
  /** Run ids by drill. */
  readonly drills: Readonly<Record<string, string>>;
}

/** Everything that one stack stands up, top to bottom: credentials, nodes, swarm, networks, objects, registry, services. */
export class Lab extends pulumi.ComponentResource {
  readonly description: LabDescription;
  readonly clusterId: pulumi.Output<string>;
  readonly keys: pulumi.Output<SwarmKeys>;
  /** What was seen of requests between nodes when the services last changed. */
  readonly reach: pulumi.Output<Reach>;

  /** Secret; absent where the lab has no registry. */
  readonly registryLogin:
    | pulumi.Output<Readonly<Record<"username" | "password", string>>>
    | undefined;

  /** Outputs that no other provider has. */
  readonly providerOutputs: Provided["outputs"];

  /** Verdicts of the drills that were run, by name. */
  readonly drills: Readonly<Record<string, pulumi.Output<Verdict>>>;

  constructor(name: string, args: LabArgs, opts?: pulumi.ComponentResourceOptions) {
    const { config, ground } = args;
    const transformations = ground.peersStale ? [recordPeersAnew] : [];
    super("swarm-lab:stacks:Lab", name, {}, pulumi.mergeOptions(opts, { transformations }));
    const { kernel, images, ports } = ground;
    const { lab } = config;
    const mode = decideNetworkMode(config.network, kernel);
    const { username, password: registryPassword } = config.registry;
    const credentials = new LabCredentials(
      "credentials",
      { lab, registryHost: REGISTRY_HOST, username, registryPassword },
      { parent: this },
    ).value;
    const needs = kernelNeeds(mode, anyEncrypted(config, kernel));
    const own = provide(config, ground, { credentials, needs }, { parent: this });
    const { nodes: provided, storage } = own;
    this.providerOutputs = own.outputs;
    const managers = provided.nodes
      .map(({ handle }) => handle)
      .filter(({ role }) => role === "manager");
    const { subnet: addressPool, size: addressPoolSize } = config.network.addressPool;
    const swarm = new SwarmBootstrap(
      "swarm",
      {
        provided,
        credentials,
        managerAvailability: config.managerAvailability,
        settings: config.swarm,
        addressing: { addressPool, addressPoolSize, dataPathPort: config.network.dataPathPort },
      },
      { parent: this, deletedWith: provided.lifetime },
    );
    this.clusterId = swarm.clusterId;
    this.keys = swarm.keys;

    // What is inside the swarm goes with it: the last run need not ask a manager, who may be gone, to delete it.
    const inside = {
      parent: this,
      provider: swarm.provider,
      deletedWith: provided.lifetime,
    } satisfies pulumi.ComponentResourceOptions;
    const overlays = createNetworks(config, kernel, managers, inside);
    const objects = createObjects(config, inside);
    const publishes = Object.values(config.services).some((service) => service.ports.length > 0);
    const edge = mode.publish.inForce === "host" && publishes ? images.gateway : undefined;
    const wanted = { registry: images.registry, edge };
    const { ids, loaded } = loadImages(config, provided, wanted, this);
    const image = ids[images.registry];
    const stored =
      image &&
      createRegistry(
        {
          config,
          provided,
          swarm,
          credentials,
          image,
          app: images.app,
          ...(storage && { storage }),
        },
        inside,
      );
    const login = pulumi.secret(credentials.registryLogin);
    const account = { username: login.username, password: login.password };
    this.registryLogin = stored && pulumi.secret(pulumi.output(account));

    const services = createServices(
      {
        config,
        mode,
        ports,
        overlays,
        objects,
        builtIn: stored ? { app: stored.app.reference } : {},
        auth: { serverAddress: REGISTRY_ADDRESS, ...account },
        edgeImage: edge && ids[edge],
        edgeImageLoaded: loaded,
        ready: swarm.ready,
      },
      inside,
    );
    const variables = {
      ...objectVariables(objects),
      ...(stored ? { REGISTRY: REGISTRY_ADDRESS, APP_IMAGE: stored.app.reference } : {}),
    };
    const usable = Object.values(overlays).map((network) => network.usable);
    createComposeStacks(
      {
        config,
        managers,
        variables,
        registry: stored && { address: REGISTRY_ADDRESS, ...account },
      },
      { ...inside, dependsOn: [...usable, ...services] },
    );
    const gate = createGate(
      {
        ...{ config, provided, ports, madeOf: variables },
      },
      { parent: this, deletedWith: provided.lifetime, dependsOn: [swarm.ready, ...services] },
    );
    this.reach = gate.reach;
    const warnings = [
      ...args.warnings,
      ...ground.warnings,
      ...networkWarnings(config.network, mode),
    ];
    const { root, drills } = args;
    this.description = describe({ config, provided, ports, mode, kernel, warnings, root });
    const { description, clusterId } = this;
    this.drills = createOperations(
      {
        ...{ config, drills, description, clusterId, root },
        ...(this.registryLogin ? { registryLogin: this.registryLogin } : {}),
      },
      { parent: this, deletedWith: provided.lifetime, dependsOn: [gate.done] },
    );
    this.registerOutputs({ clusterId: this.clusterId });
  }
}
