import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Credentials } from "../credentials.ts";
import type { ProvidedNode, ProvidedNodes, TlsApi } from "../provider.ts";
import type { NodeHandle, PlannedNode } from "../types.ts";
import { Gateway } from "./gateway.ts";
import type { GatewayPlan } from "./gateway-config.ts";
import { LocalMachine } from "./machine.ts";
import { LabNetwork } from "./network.ts";

export interface LocalNodesArgs {
  readonly lab: string;
  readonly engine: string;
  readonly nodes: readonly PlannedNode[];
  readonly subnet: string;
  readonly gateway: {
    readonly address: string;
    readonly image: string;
    readonly plan: GatewayPlan;
    readonly published: Readonly<Record<number, number>>;
    readonly ports: Readonly<Record<string, number>>;
  };
  readonly machine: {
    readonly image: string;
    readonly engineFlags: readonly string[];
    readonly memoryBytes?: number;
    readonly cpus?: number;
  };
  /** host:port under which the nodes know the registry. */
  readonly registry: string;
  readonly credentials: pulumi.Input<Credentials>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Nodes as Docker-in-Docker containers on one engine, with a gateway in front of them. */
export class LocalNodes extends pulumi.ComponentResource implements ProvidedNodes {
  readonly nodes: readonly ProvidedNode[];
  readonly buildEngine: string;
  readonly api: TlsApi;
  readonly entrance = "127.0.0.1";
  readonly lifetime: pulumi.Resource;

  constructor(name: string, args: LocalNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:LocalNodes", name, {}, opts);
    const { lab, engine, labels, credentials } = args;
    this.buildEngine = engine;
    const host = new docker.Provider(`${name}-engine`, { host: engine }, { parent: this });
    const network = new LabNetwork(
      `${name}-network`,
      { lab, engine, subnet: args.subnet, labels },
      { parent: this },
    );
    this.lifetime = network.lifetime;
    const shared = { parent: this, provider: host, dependsOn: [network.lifetime] };
    const { networkName } = network;
    const registryHost = args.registry.split(":")[0] ?? "";

    new Gateway(
      `${name}-gateway`,
      {
        lab,
        networkName,
        credentials,
        labels,
        aliases: ["gateway", registryHost],
        ...args.gateway,
      },
      shared,
    );
    this.nodes = args.nodes.map((node) => {
      const machine = new LocalMachine(
        `${name}-${node.name}`,
        {
          ...{ lab, node, networkName, credentials, labels, lifetime: network.lifetime },
          ...{ registry: args.registry, ...args.machine },
        },
        shared,
      );
      const connection = { kind: "container", container: machine.containerName, engine } as const;
      const handle: NodeHandle = { ...node, connection };
      return { handle, machine, machineId: machine.container.id, silent: false };
    });
    const first = this.nodes.find(({ handle }) => handle.role === "manager")?.handle;
    if (first === undefined) throw new Error("a lab needs a manager");
    this.api = {
      kind: "tls",
      host: "127.0.0.1",
      port: args.gateway.published[args.gateway.plan.api.listen] ?? 0,
      first: { name: first.name, connection: first.connection },
    };
    this.registerOutputs({ nodes: this.nodes.map(({ handle }) => handle.name) });
  }
}
