import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../../command.ts";
import type { Credentials } from "../credentials.ts";
import { LABEL_REGISTRY } from "../plan.ts";
import type { EngineApi, ProvidedNode, ProvidedNodes } from "../provider.ts";
import type { NodeHandle } from "../types.ts";
import type { HostInput } from "./host-input.ts";
import { HostMachine } from "./machine.ts";
import { LAB_ID_PROGRAM } from "./record.ts";

export interface HostNodesArgs
  extends Pick<HostInput, "lab" | "setup" | "dataPathPort" | "volumes"> {
  /** DOCKER_HOST of the engine on which the lab's images are built. */
  readonly engine: string;
  readonly nodes: readonly NodeHandle[];
  /** host:port under which the nodes know the registry. */
  readonly registry: string;
  /** Nodes that do not answer now. */
  readonly silent: readonly string[];
  readonly credentials: pulumi.Input<Credentials>;
}

/** Nodes as machines that the user already has, over SSH. They outlive the lab, so there is no `lifetime`. */
export class HostNodes extends pulumi.ComponentResource implements ProvidedNodes {
  readonly nodes: readonly ProvidedNode[];
  readonly buildEngine: string;
  readonly api: EngineApi;
  readonly entrance: string;

  constructor(name: string, args: HostNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:HostNodes", name, {}, opts);
    const { lab, setup, dataPathPort, volumes, credentials, nodes } = args;
    this.buildEngine = args.engine;
    const holder = nodes.find(({ labels }) => labels[LABEL_REGISTRY]);
    const registry = holder && { name: args.registry, addresses: [holder.address] };
    const made = step(
      `${name}-id`,
      { create: LAB_ID_PROGRAM, inputs: {}, keepsOutput: true },
      { parent: this },
    );
    const { id } = resultOf<{ id: string }>(made);
    const answering = nodes.filter(({ name: host }) => !args.silent.includes(host));
    this.nodes = nodes.map((node) => {
      const silent = !answering.includes(node);
      const machine = new HostMachine(
        `${name}-${node.name}`,
        {
          lab,
          id,
          node,
          setup,
          registry,
          dataPathPort,
          volumes,
          nodes,
          answering,
          credentials,
          silent,
        },
        { parent: this },
      );
      return { handle: node, machine: machine.ready, machineId: machine.machineId, silent };
    });
    const managers = nodes.filter(({ role }) => role === "manager");
    const [first] = managers.filter((manager) => !args.silent.includes(manager.name));
    const via = first ?? managers[0];
    if (via?.connection.kind !== "ssh") throw new Error("a lab on hosts needs a manager with SSH");
    const living = nodes.filter((node) => !args.silent.includes(node.name));
    // Where tasks run: without the ingress mesh only such a node answers.
    const entrance = living.find(({ role }) => role === "worker") ?? living[0] ?? via;
    // As this machine reaches it, which may be another way than its peers'; published ports listen on all.
    this.entrance =
      entrance.connection.kind === "ssh" ? entrance.connection.host : entrance.address;
    this.api = { kind: "ssh", name: via.name, connection: via.connection };
    this.registerOutputs({ nodes: nodes.map((node) => node.name) });
  }
}
