/** What the programs in scripts/swarm are told by the components that run them, as JSON in the environment. */
import type { NodeHandle } from "../nodes/types.ts";
import type { SwarmAddressing, SwarmSettings } from "./settings.ts";

/** What the lab wants a swarm node to be, besides its role. */
export interface NodeSpec {
  readonly availability: "active" | "pause" | "drain";
  /** Swarm node labels (in raft, so they survive a restore; engine labels do not). */
  readonly labels: Readonly<Record<string, string>>;
}

/** LAB_MEMBER of member.ts and leave.ts: one node's membership. */
export interface MemberInput {
  readonly node: NodeHandle;
  readonly spec: NodeSpec;
  /** Set for the one node that may init when no swarm of the lab exists anywhere. */
  readonly init?: { readonly settings: SwarmSettings; readonly addressing: SwarmAddressing };
}

/** LAB_LOAD of load-images.ts: images for one node, and the DOCKER_HOST of the engine that has them. */
export interface LoadInput {
  readonly node: NodeHandle;
  readonly engine: string;
  readonly images: readonly string[];
}

/** LAB_PUSH of push-image.ts: an image on an engine, the node that pushes it, its name in the registry. */
export interface PushInput {
  readonly node: NodeHandle;
  readonly engine: string;
  readonly image: string;
  readonly target: string;
  readonly registry: string;
  readonly username: string;
}

/** LAB_NETWORK of network-idle.ts: the overlay network that is to have no users. */
export interface IdleInput {
  readonly network: string;
}

/** LAB_COMPOSE of compose.ts: one compose stack. */
export interface ComposeInput {
  readonly stack: string;
  readonly content: string;
  /** Variables for the file: SECRET_<KEY>, CONFIG_<KEY>, REGISTRY, APP_IMAGE. */
  readonly variables: Readonly<Record<string, string>>;
  readonly registry?: { readonly address: string; readonly username: string };
}

/** LAB_CONVERGED of converged.ts: what is to run, answer and be reached. */
export interface ConvergedInput {
  /** Those that answer. */
  readonly nodes: readonly NodeHandle[];
  /** Names of those that do not; absent: there are none. */
  readonly away?: readonly string[];
  readonly services: readonly string[];
  /** Addresses that must answer with 200, through the lab's entrance. */
  readonly urls: readonly string[];
  /** The node that asks them; absent: this machine does. */
  readonly from?: NodeHandle;
  /** The service whose tasks can ask each other, and the port they listen on. */
  readonly probe?: { readonly service: string; readonly port: number };
}
