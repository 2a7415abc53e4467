import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelList, ownershipLabels } from "../../labels.ts";
import type { Credentials } from "../credentials.ts";
import { type GatewayPlan, gatewayConfig, TLS_FOLDER } from "./gateway-config.ts";
import { formatPorts, LABEL_PORTS } from "./survey.ts";

export interface GatewayArgs {
  readonly lab: string;
  readonly networkName: string;
  readonly address: string;
  readonly image: string;
  readonly plan: GatewayPlan;
  /** Loopback port of the machine for each port the gateway listens on. */
  readonly published: Readonly<Record<number, number>>;
  /** The same loopback ports by purpose, written on the gateway so that the next run finds its own again. */
  readonly ports: Readonly<Record<string, number>>;
  /** Names under which the nodes find the gateway, the registry's among them. */
  readonly aliases: readonly string[];
  readonly credentials: pulumi.Input<Credentials>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The one way into a local lab: HAProxy in a container that publishes ports on 127.0.0.1 only and passes TCP on to the
 * nodes. It ends no TLS; the engines do, and they ask for a client certificate. It keeps nothing, so a change replaces it.
 */
export class Gateway extends pulumi.ComponentResource {
  readonly containerName: string;
  readonly container: docker.Container;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:Gateway", name, {}, opts);
    this.containerName = `swarm-lab-${args.lab}-gateway`;
    const config = gatewayConfig(args.plan);
    const uploads = pulumi.secret(
      pulumi.output(args.credentials).apply(({ ca, client }) => [
        { file: "/etc/haproxy/haproxy.cfg", content: config },
        { file: `${TLS_FOLDER}/ca.pem`, content: ca },
        // The health check of the engine API is a client like any other.
        {
          file: `${TLS_FOLDER}/client.pem`,
          content: `${client.cert}\n${client.key}`,
          // Readable by HAProxy, which is not root and alone there: the engine sets owners by the machine's names only.
          permissions: "0444",
        },
      ]),
    );
    const ports = Object.entries(args.published)
      .map(([internal, external]) => ({ internal: Number(internal), external, ip: "127.0.0.1" }))
      .sort((a, b) => a.internal - b.internal);
    const owner = { lab: args.lab, role: "gateway" };
    this.container = new docker.Container(
      `${name}-container`,
      {
        name: this.containerName,
        hostname: "gateway",
        image: args.image,
        networksAdvanced: [
          { name: args.networkName, ipv4Address: args.address, aliases: [...args.aliases] },
        ],
        ports,
        uploads,
        labels: labelList(
          ownershipLabels(owner, { ...args.labels, [LABEL_PORTS]: formatPorts(args.ports) }),
        ),
        restart: "no",
        mustRun: true,
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "2" },
      },
      { parent: this, ignoreChanges: ["networkMode"] },
    );
    this.registerOutputs({ containerName: this.containerName });
  }
}
