import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { Credentials } from "../nodes/credentials.ts";
import { entranceOf } from "../nodes/engine-api.ts";
import type { ProvidedNode, ProvidedNodes } from "../nodes/provider.ts";
import { SwarmMember } from "./member.ts";
import type { SwarmAddressing, SwarmSettings } from "./settings.ts";

export interface SwarmBootstrapArgs {
  readonly provided: ProvidedNodes;
  readonly credentials: pulumi.Input<Credentials>;
  readonly managerAvailability: "active" | "pause" | "drain";
  readonly settings: SwarmSettings;
  readonly addressing: SwarmAddressing;
}

export interface SwarmKeys {
  readonly manager: string;
  readonly worker: string;
  readonly unlockKey: string;
  readonly ca: string;
}

/**
 * The swarm: init on the first manager, then all other nodes join at once, each with its labels and availability, then
 * the gate that says every node that answers is Ready and the quorum whole.
 */
export class SwarmBootstrap extends pulumi.ComponentResource {
  readonly clusterId: pulumi.Output<string>;
  /** In the order of the nodes. */
  readonly members: readonly SwarmMember[];
  /** Depend on it for what needs all nodes. */
  readonly ready: pulumi.Resource;
  /** The docker provider that talks to a living manager. Usable as soon as the first manager is one. */
  readonly provider: docker.Provider;
  /** Join tokens, unlock key and root CA: secret as a whole. */
  readonly keys: pulumi.Output<SwarmKeys>;

  constructor(name: string, args: SwarmBootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:swarm:SwarmBootstrap", name, {}, opts);
    const { provided, settings, addressing } = args;
    const handles = provided.nodes.map(({ handle }) => handle);
    const answering = provided.nodes.flatMap(({ handle, silent }) => (silent ? [] : [handle]));
    const managers = handles.filter(({ role }) => role === "manager");
    const initiator = provided.nodes.find(({ handle }) => handle.role === "manager");
    if (initiator === undefined) throw new Error("a swarm needs at least one manager");
    const member = (node: ProvidedNode, through?: SwarmMember) => {
      const { name: nodeName, role, labels, zone } = node.handle;
      return new SwarmMember(
        `${name}-${nodeName}`,
        {
          node,
          managers,
          init: through === undefined ? { settings, addressing } : undefined,
          spec: {
            availability: role === "manager" ? args.managerAvailability : "active",
            labels: { ...labels, zone },
          },
        },
        { parent: this, dependsOn: through === undefined ? [] : [through.joined] },
      );
    };
    const first = member(initiator);
    this.members = provided.nodes.map((node) => (node === initiator ? first : member(node, first)));
    this.clusterId = first.clusterId;

    const joined = this.members.map((member) => member.joined);
    const gate = step(
      `${name}-ready`,
      { create: "swarm/ready.ts", inputs: { LAB_NODES: answering } },
      { parent: this, dependsOn: joined },
    );
    this.ready = gate;

    const credentials = pulumi.output(args.credentials);
    const client = {
      ca: pulumi.secret(credentials.ca),
      cert: pulumi.secret(credentials.client.cert),
      key: pulumi.secret(credentials.client.key),
    };
    const api = step(
      `${name}-api`,
      {
        create: "swarm/api-ready.ts",
        inputs: {
          LAB_API: provided.api,
          // With another machine it is waited for again: all the others may be new ones as well.
          LAB_MACHINE: initiator.machineId,
        },
        secrets: { LAB_CA: client.ca, LAB_CERT: client.cert, LAB_KEY: client.key },
      },
      // Beside the first manager's init: the answer is there as soon as the manager is.
      { parent: this, dependsOn: [initiator.machine] },
    );
    // An Output of the check, not the known address: the provider connects as soon as its host is known.
    const { host } = resultOf<{ host: string }>(api);
    const entry = entranceOf(provided.api).providerArgs(client);
    this.provider = new docker.Provider(`${name}-manager`, { host, ...entry }, { parent: this });
    const keys = step(
      `${name}-keys`,
      {
        create: "swarm/tokens.ts",
        inputs: { LAB_AUTOLOCK: settings.autolock }, // switched on, it makes a key
        peers: managers,
        secretOutput: true,
      },
      { parent: this, dependsOn: [gate] },
    );
    this.keys = resultOf<SwarmKeys>(keys);
    this.registerOutputs({ clusterId: this.clusterId });
  }
}
