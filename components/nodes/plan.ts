import { createHash } from "node:crypto";
import { Address4 } from "ip-address";
import type { NodeRole, PlannedNode } from "./types.ts";

/** Swarm node label of the nodes that the registry may run on: the one that has its volume, or as many as it has replicas. */
export const LABEL_REGISTRY = "swarm-lab.registry";

/** What the plan is made from; a lab's configuration is one. */
export interface PlanRequest {
  readonly managers: number;
  readonly workers: number;
  readonly zones: readonly string[];
  readonly managerAvailability: "active" | "pause" | "drain";
  readonly nodes: { readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>> };
  /** `replicas`: how many nodes may run it; one where it is left out. */
  readonly registry: { readonly enabled: boolean; readonly replicas?: number };
}

/** What a plan for machines that there are already is made from. */
export interface HostPlanRequest
  extends Pick<PlanRequest, "managerAvailability" | "nodes" | "registry"> {
  readonly hosts: readonly Pick<PlannedNode, "name" | "role" | "zone" | "address">[];
}

/** A node's place before its address is known. */
export type NodePlace = Omit<PlannedNode, "address">;

/** A node's place before its network is known: its address is the subnet's first plus `offset`. */
export interface NodeSeat extends NodePlace {
  readonly offset: number;
}

/** The fixed addresses of the network that the nodes share. */
export interface PlannedNetwork {
  readonly subnet: string;
  /** The machine's own end of the network. */
  readonly bridge: string;
  readonly gateway: string;
}

const BRIDGE = 1;
const GATEWAY = 5;
/** m1 is at .11, w1 at .31: seven managers and fifty workers never meet. */
const FIRST: Readonly<Record<NodeRole, number>> = { manager: 11, worker: 31 };

/**
 * The nodes of a lab, managers first: m1, m2, ... and w1, w2, ... A node's name alone decides its
 * zone and offset, so growing or shrinking the lab changes no node that stays. Managers are dealt out
 * to the zones in turn; with three or more zones none holds a majority of three or more managers.
 */
export function planSeats(request: PlanRequest): NodeSeat[] {
  const holder = request.managerAvailability === "active" ? "manager" : "worker";
  const { enabled, replicas = 1 } = request.registry;
  const seat = (role: NodeRole, index: number): NodeSeat => {
    const name = `${role === "manager" ? "m" : "w"}${index + 1}`;
    const zone = request.zones[index % request.zones.length];
    if (zone === undefined) throw new RangeError("a plan needs at least one zone");
    const holdsRegistry = enabled && role === holder && index < replicas;
    const labels = {
      ...request.nodes.labels[name],
      ...(holdsRegistry ? { [LABEL_REGISTRY]: "true" } : {}),
    };
    return { name, role, zone, labels, offset: FIRST[role] + index };
  };
  return [
    ...Array.from({ length: request.managers }, (_, index) => seat("manager", index)),
    ...Array.from({ length: request.workers }, (_, index) => seat("worker", index)),
  ];
}

/**
 * The nodes of a lab on machines that there are already: managers first, each in the order of the list. The registry is on
 * the first that runs tasks.
 */
export function planHosts(request: HostPlanRequest): PlannedNode[] {
  const inOrder = (["manager", "worker"] as const).flatMap((role) =>
    request.hosts.filter((host) => host.role === role),
  );
  const runsTasks = request.managerAvailability === "active" ? "manager" : "worker";
  const holder = request.registry.enabled
    ? inOrder.find(({ role }) => role === runsTasks)?.name
    : undefined;
  return inOrder.map(({ name, role, zone, address }) => ({
    ...{ name, role, zone, address },
    labels: {
      ...request.nodes.labels[name],
      ...(name === holder ? { [LABEL_REGISTRY]: "true" } : {}),
    },
  }));
}

/** The nodes of a lab by whichever provider. */
export const planPlaces = (request: PlanRequest & HostPlanRequest): NodePlace[] =>
  request.hosts.length > 0 ? planHosts(request) : planSeats(request);

/** The same nodes with their addresses in `subnet`, an IPv4 CIDR that `fits` them. */
export function planNodes(request: PlanRequest, subnet: string): PlannedNode[] {
  return planSeats(request).map(({ offset, ...node }) => ({
    ...node,
    address: addressAt(subnet, offset),
  }));
}

export function planNetwork(subnet: string): PlannedNetwork {
  return { subnet, bridge: addressAt(subnet, BRIDGE), gateway: addressAt(subnet, GATEWAY) };
}

/** The largest offset a lab uses; its subnet needs this many addresses, and one for broadcast. */
export function highestOffset(request: Pick<PlanRequest, "managers" | "workers">): number {
  const managers = FIRST.manager + request.managers - 1;
  return request.workers === 0 ? managers : FIRST.worker + request.workers - 1;
}

/** The subnet's first address plus `offset`; a RangeError where that is its last one, which is for broadcast, or beyond. */
export function addressAt(subnet: string, offset: number): string {
  const network = new Address4(subnet);
  const address = network.startAddress().offset(offset);
  if (address.bigInt() >= network.endAddress().bigInt()) {
    throw new RangeError(`${subnet} has no address at offset ${offset}`);
  }
  return address.correctForm();
}

/** Whether two IPv4 CIDRs share an address. */
export function overlaps(a: string, b: string): boolean {
  return meet(new Address4(a), new Address4(b));
}

const meet = (a: Address4, b: Address4) => a.isInSubnet(b) || b.isInSubnet(a);

const SUBNETS = 40 * 256;
const PORTS = 10_000;

/**
 * Subnets to try when the configuration says auto, most wanted first: the /24s of 10.210.0.0 to
 * 10.249.255.0, away from what engines (172.16.0.0/12, 192.168.0.0/16) and swarm's default pool hand
 * out, in an order that the lab's name decides. Those that meet one of `taken` are left out.
 */
export function* subnetCandidates(lab: string, taken: readonly string[] = []): Generator<string> {
  const others = taken.map((cidr) => new Address4(cidr));
  for (const index of permutation(`${lab}/subnet`, SUBNETS)) {
    const subnet = `10.${210 + Math.floor(index / 256)}.${index % 256}.0/24`;
    const candidate = new Address4(subnet);
    if (!others.some((other) => meet(candidate, other))) yield subnet;
  }
}

/**
 * Loopback ports to try when the configuration says auto, most wanted first: 20000 to 29999, below
 * the ports that Linux hands out by itself (32768 and up). `purpose` tells a lab's ports apart.
 */
export function* portCandidates(lab: string, purpose: string): Generator<number> {
  for (const index of permutation(`${lab}/port/${purpose}`, PORTS)) yield 20_000 + index;
}

/** Every number below `size` once, in steps that share no factor with either size. */
function* permutation(seed: string, size: number): Generator<number> {
  const start = createHash("sha256").update(seed).digest().readUInt32BE(0);
  for (let step = 0; step < size; step += 1) yield (start + step * 3931) % size;
}
