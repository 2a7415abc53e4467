/** What a load balancer in front of a lab listens on, and which nodes answer: all of it known before anything is made. */
import { REGISTRY_PORT } from "../../swarm/ports.ts";
import { LABEL_REGISTRY } from "../plan.ts";
import type { PlannedNode } from "../types.ts";
import type { AccessRule } from "./access.ts";

/** A network that holds everybody. */
export const EVERYBODY = "0.0.0.0/0";

export interface Listener {
  /** Names its resources, so they stay as long as it does: `app-tcp8080`, `registry`. */
  readonly key: string;
  /** The same number in front of and on the nodes. */
  readonly port: number;
  /** The security group of the nodes behind it. */
  readonly to: "node" | "registry";
  /** IPv4 CIDR of those who may open it. */
  readonly clients: string;
  /** Names of the nodes behind it. */
  readonly nodes: readonly string[];
  /** How a node is asked whether it answers. */
  readonly check: "tcp" | "https";
}

export interface PublishedPort {
  /** Names it among the lab's ports: `app-tcp8080`. */
  readonly key: string;
  readonly published: number;
  /** Whether everybody may open it. */
  readonly everybody: boolean;
}

export interface ListenerRequest {
  readonly ports: readonly PublishedPort[];
  readonly nodes: readonly Pick<PlannedNode, "name" | "role" | "labels">[];
  /** As the configuration has it: what auto becomes is known only from the nodes' kernels. */
  readonly publish: "auto" | "ingress" | "host";
  /** Whether managers run tasks. */
  readonly managersRunTasks: boolean;
  readonly clients: string;
  /** Whether the registry is behind it too. */
  readonly registry: boolean;
}

/**
 * One listener for each published port, and one for the registry. Through the ingress mesh every node answers, drained ones
 * too; in host mode only those that may run the task, and of them the health check finds those that do. The registry is never
 * open to everybody.
 */
export function planListeners(request: ListenerRequest): Listener[] {
  const { nodes, publish, clients, managersRunTasks } = request;
  const running = nodes.filter(({ role }) => role === "worker" || managersRunTasks);
  const answering = (publish === "host" ? running : nodes).map(({ name }) => name);
  const listeners: Listener[] = request.ports.map(({ key, published, everybody }) => ({
    ...{ key, port: published, to: "node", clients: everybody ? EVERYBODY : clients },
    ...{ nodes: answering, check: "tcp" },
  }));
  if (!request.registry) return listeners;
  const holders = nodes.filter(({ labels }) => labels[LABEL_REGISTRY] !== undefined);
  // It is healthy as long as its storage is, which only an answer tells: its root path has one without a login.
  const registry: Listener = {
    ...{ key: "registry", port: REGISTRY_PORT, to: "registry", clients, check: "https" },
    nodes: holders.map(({ name }) => name),
  };
  return [...listeners, registry];
}

/** Who may reach the load balancer, and that it may reach the nodes behind it: two rules for each listener. */
export const listenerRules = (listeners: readonly Listener[]): AccessRule[] =>
  listeners.flatMap(({ key, port, to, clients }) => [
    {
      ...{ key: `clients-${key}`, to: "load-balancer", from: { cidr: clients } },
      ...{ protocol: "tcp", port, why: `clients of ${key}` },
    },
    {
      ...{ key: `behind-${key}`, to, from: { group: "load-balancer" } },
      ...{ protocol: "tcp", port, why: `${key} through the load balancer` },
    },
  ]);
