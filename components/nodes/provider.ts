import type * as pulumi from "@pulumi/pulumi";
import type { NodeHandle, SshConnection } from "./types.ts";

/** A node together with the resource that makes its machine. */
export interface ProvidedNode {
  readonly handle: NodeHandle;
  /** Depend on it before using the node. */
  readonly machine: pulumi.Resource;
  /** Changes when the machine is another one: what must be looked at again then has it among its inputs. */
  readonly machineId: pulumi.Output<string>;
  /** Whether nobody reaches it now: it stays as it is, nothing is demanded of it, and the others go on without it. */
  readonly silent: boolean;
}

/** An engine API over mutual TLS, on a loopback address of the user's machine: some living manager's. */
export interface TlsApi {
  readonly kind: "tls";
  readonly host: string;
  readonly port: number;
  /** The manager that will be the first to answer. */
  readonly first: Pick<NodeHandle, "name" | "connection">;
}

/** The engine API of one manager through SSH, which needs no open port. */
export interface SshApi {
  readonly kind: "ssh";
  /** The manager's. */
  readonly name: string;
  readonly connection: SshConnection;
}

/** Where the engine API of a manager is reached from outside. */
export type EngineApi = TlsApi | SshApi;

/** What a provider gives to the layers above. They see no more of it than this. */
export interface ProvidedNodes {
  readonly nodes: readonly ProvidedNode[];
  /** DOCKER_HOST of the engine on which the lab's images are built. */
  readonly buildEngine: string;
  readonly api: EngineApi;
  /** Host under which the ports that services publish answer. */
  readonly entrance: string;
  /** Who reaches that host; absent: this machine does. */
  readonly entranceFrom?: NodeHandle;
  /** Lives as long as the lab's machines: what is inside the swarm goes with it. Absent: machines outlive the lab. */
  readonly lifetime?: pulumi.Resource;
}
