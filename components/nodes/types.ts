/**
 * The seam between "where engines run" and everything above it. A node is a name, a role, a zone, an
 * address its peers dial, and a way to run a command on it. Nothing outside components/nodes knows
 * what kind of machine it is.
 */
export type NodeRole = "manager" | "worker";

/** A node as planned from the configuration, before any machine exists. */
export interface PlannedNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly zone: string;
  /** IPv4 address that the other nodes dial; fixed, because a swarm restarts and restores only where it was. */
  readonly address: string;
  /** Swarm node labels besides `zone`, set through a manager. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * File on every node that holds the name of its zone. Services bind-mount it: the templates of a service know a node's
 * name but not its labels.
 */
export const ZONE_FILE = "/etc/swarm-lab/zone";

/** A node that is a container. */
export interface ContainerConnection {
  readonly kind: "container";
  readonly container: string;
  /** DOCKER_HOST of the engine that runs the container. */
  readonly engine: string;
}

interface OverSsh {
  readonly kind: "ssh";
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** A machine that the user already has. Paths are those of the machine that runs the lab's commands. */
export interface HostConnection extends OverSsh {
  /** File of the private key. */
  readonly identity: string;
  /** The host's public key, type and base64: no other is accepted, and none on sight. */
  readonly hostKey: string;
}

/**
 * An EC2 instance, told by its tags: which one it is, where it is reached and its host key are asked of AWS for each
 * connection. So the connection is known before the instance is, and is the same when another one takes its place.
 * `host` only names it.
 */
export interface InstanceConnection extends OverSsh {
  readonly instance: {
    readonly region: string;
    readonly lab: string;
    readonly node: string;
    /** Through Session Manager, which needs no open port, or straight to the instance's public address. */
    readonly way: "session" | "direct";
  };
}

/** A node that is a machine of its own, reached over SSH. */
export type SshConnection = HostConnection | InstanceConnection;

/** How to reach a node's shell. Plain data, so that it can travel to a command resource as JSON. */
export type NodeConnection = ContainerConnection | SshConnection;

/** A node that has a machine. Plain data: no Pulumi Output inside. */
export interface NodeHandle extends PlannedNode {
  readonly connection: NodeConnection;
}

/** Faults a provider can stage on a node, for drills to ask for. */
export type Fault = "stop" | "kill" | "freeze" | "cut-network" | "wipe-disk";

/** What the kernel under the nodes can do, and what each lack disables. */
export interface KernelFeatures {
  readonly release: string;
  /** VXLAN links: overlay networks at all. */
  readonly vxlan: boolean;
  /** IPsec ESP, and the packet matches (xt_bpf, xt_policy) that find what must be encrypted: encrypted overlays. */
  readonly esp: boolean;
  readonly xtMatch: boolean;
  /** IPVS: service VIPs and the ingress mesh. */
  readonly ipvs: boolean;
  /** netem queueing: delay and loss. */
  readonly netem: boolean;
  /** A client of NFS: volumes that nodes share. */
  readonly nfs: boolean;
}
