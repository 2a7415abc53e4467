/** The nodes of a lab on AWS as those above see them: all of it known before an instance is. */
import type { RegistryPlace } from "../hosts/host-input.ts";
import { LABEL_REGISTRY } from "../plan.ts";
import type { ProvidedNodes } from "../provider.ts";
import type { NodeHandle, PlannedNode } from "../types.ts";
import { instanceConnection } from "./instance-options.ts";
import type { Placement } from "./placement.ts";

/** Whether a node runs the lab's registry. */
export const holdsRegistry = ({ labels }: Pick<PlannedNode, "labels">): boolean =>
  labels[LABEL_REGISTRY] !== undefined;

/** The planned nodes, each with the way to it. `ssh`: the network from which SSH is open; absent: none. */
export const handlesOn = (
  { region, nodes }: Pick<Placement, "region" | "nodes">,
  lab: string,
  ssh: string | undefined,
): NodeHandle[] =>
  nodes.map((node) => ({
    ...node,
    connection: instanceConnection({ region, lab, node: node.name }, ssh),
  }));

/**
 * How the swarm is entered. The engine API is the first manager's, over SSH. Published ports are asked within the VPC: nobody
 * outside reaches a node, and this machine need not be among the clients of a load balancer. Throws where there is no manager.
 */
export function waysInto(
  nodes: readonly NodeHandle[],
): Pick<ProvidedNodes, "api" | "entrance"> & { readonly entranceFrom: NodeHandle } {
  const [first] = nodes.filter(({ role }) => role === "manager");
  if (first?.connection.kind !== "ssh") throw new Error("a lab on AWS needs a manager with SSH");
  const { name, connection } = first;
  // Where tasks run: without the ingress mesh only such a node answers.
  const { address } = nodes.find(({ role }) => role === "worker") ?? first;
  return { api: { kind: "ssh", name, connection }, entrance: address, entranceFrom: first };
}

type Place = Pick<PlannedNode, "name" | "zone" | "address">;

/**
 * The lab's registry as one node finds it: on the node itself, then in its own zone, where traffic costs nothing, then on the
 * others, all in the order of the plan. `name`: host:port. Undefined where no node runs it.
 */
export function registryFor(
  node: Place,
  nodes: readonly PlannedNode[],
  name: string,
): RegistryPlace | undefined {
  const distance = (holder: Place) => {
    if (holder.name === node.name) return 0;
    return holder.zone === node.zone ? 1 : 2;
  };
  const holders = nodes.filter(holdsRegistry).toSorted((a, b) => distance(a) - distance(b));
  if (holders.length === 0) return undefined;
  return { name, addresses: holders.map(({ address }) => address) };
}
