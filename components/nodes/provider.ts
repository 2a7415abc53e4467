import type * as pulumi from "@pulumi/pulumi";
import type { NodeHandle } from "./types.ts";

/** A node together with the resource that makes its machine. */
export interface ProvidedNode {
  readonly handle: NodeHandle;
  /** Depend on it before using the node. */
  readonly machine: pulumi.Resource;
  /** Changes when the machine is another one: what must be looked at again then has it among its inputs. */
  readonly machineId: pulumi.Output<string>;
}

/** A loopback address of the user's machine, or a public name: where something of the lab is reached from outside. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What a provider gives to the layers above. They see no more of it than this. */
export interface ProvidedNodes {
  readonly nodes: readonly ProvidedNode[];
  /** DOCKER_HOST of the engine on which the lab's images are built. */
  readonly buildEngine: string;
  /** Engine API of a living manager, over mutual TLS. */
  readonly api: Endpoint;
  /** Lives as long as the lab's machines: what is inside the swarm goes with it. Absent: machines outlive the lab. */
  readonly lifetime?: pulumi.Resource;
}
