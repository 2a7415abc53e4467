import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelList, ownershipLabels } from "../../labels.ts";
import type { Credentials } from "../credentials.ts";
import { type PlannedNode, ZONE_FILE } from "../types.ts";
import { NODE_CAPABILITIES, NODE_CGROUPNS, NODE_SECURITY_OPTS } from "./containment.ts";
import { MANAGERS_ALIAS, NODES_ALIAS } from "./gateway-config.ts";

export interface LocalMachineArgs {
  readonly lab: string;
  readonly node: PlannedNode;
  readonly networkName: string;
  readonly image: string;
  readonly engineFlags: readonly string[];
  readonly memoryBytes?: number;
  readonly cpus?: number;
  readonly credentials: pulumi.Input<Credentials>;
  /** host:port under which the nodes know the registry. */
  readonly registry: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What removes the volumes of the whole lab at its end; left out: the volume is always removed by itself. */
  readonly lifetime?: pulumi.Resource;
}

const TLS = "/etc/swarm-lab/tls";
const ENGINE_FLAGS = [
  "--host=tcp://0.0.0.0:2376",
  "--tlsverify",
  `--tlscacert=${TLS}/ca.pem`,
  `--tlscert=${TLS}/cert.pem`,
  `--tlskey=${TLS}/key.pem`,
];

const aliasesOf = ({ name, role }: PlannedNode) =>
  role === "manager" ? [name, NODES_ALIAS, MANAGERS_ALIAS] : [name, NODES_ALIAS];

/** One file of a node: its mode, where it goes, and its lines. */
type NodeFile = readonly [mode: string, path: string, text: string];

/** The file that the node image's entrypoint takes apart: each upload is a process of the engine, and a copy in the state. */
const FILES = "/etc/swarm-lab/files";

const bundled = (files: readonly NodeFile[]) =>
  files.map(([mode, path, text]) => `--- ${mode} ${path}\n${text.replace(/\n*$/, "\n")}`).join("");

/** What a node finds in its file system before its engine starts. Secret as a whole. */
function uploads(args: LocalMachineArgs) {
  return pulumi.secret(
    pulumi.output(args.credentials).apply(({ ca, engine }) => {
      const content = bundled([
        ["0644", `${TLS}/ca.pem`, ca],
        ["0644", `${TLS}/cert.pem`, engine.cert],
        ["0600", `${TLS}/key.pem`, engine.key],
        ["0644", `/etc/docker/certs.d/${args.registry}/ca.crt`, ca],
        ["0644", ZONE_FILE, args.node.zone],
      ]);
      return [{ file: FILES, content, permissions: "0600" }];
    }),
  );
}

/**
 * One node: a container that runs an engine of its own, its data on a named volume so that the node survives its
 * container. The address is fixed: a swarm finds its managers only where they were. No port is published, since a
 * stopped container with published ports is replaced after a refresh; the gateway publishes.
 */
export class LocalMachine extends pulumi.ComponentResource {
  readonly containerName: string;
  readonly container: docker.Container;

  constructor(name: string, args: LocalMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:LocalMachine", name, {}, opts);
    const { lab, node } = args;
    this.containerName = `swarm-lab-${lab}-${node.name}`;
    const owner = { lab, node: node.name, role: node.role, zone: node.zone };
    const labels = labelList(ownershipLabels(owner, args.labels));
    const data = new docker.Volume(
      `${name}-data`,
      { name: this.containerName, labels },
      // To the provider a volume with another zone or user's label is another volume: the node's data would go.
      { parent: this, ignoreChanges: ["labels"], deletedWith: args.lifetime },
    );
    const megabytes = args.memoryBytes === undefined ? undefined : args.memoryBytes / 2 ** 20;
    this.container = new docker.Container(
      `${name}-container`,
      {
        name: this.containerName,
        hostname: node.name,
        image: args.image,
        command: [...ENGINE_FLAGS, ...args.engineFlags],
        capabilities: NODE_CAPABILITIES,
        securityOpts: [...NODE_SECURITY_OPTS],
        cgroupnsMode: NODE_CGROUPNS,
        memory: megabytes,
        memorySwap: megabytes,
        cpus: args.cpus === undefined ? undefined : String(args.cpus),
        networksAdvanced: [
          { name: args.networkName, ipv4Address: node.address, aliases: aliasesOf(node) },
        ],
        volumes: [{ volumeName: data.name, containerPath: "/var/lib/docker" }],
        uploads: uploads(args),
        labels,
        restart: "no", // a drill decides when a node comes back
        mustRun: true,
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "2" },
      },
      { parent: this, ignoreChanges: ["networkMode"] },
    );
    this.registerOutputs({ containerName: this.containerName });
  }
}
