import { enginePower, startEngine, thawEngine } from "../../components/nodes/power.ts";
import type { ContainerConnection } from "../../components/nodes/types.ts";
import type { ReachableNode } from "./describe.ts";
import type { LabContainer } from "./docker.ts";

/** How the machine under a node is. Of one that is silent nothing is known: it may live. */
export type MachineState = "running" | "paused" | "stopped" | "missing" | "silent";

/** How the container is that a node is. Pure. */
export function containerMachine(
  containers: readonly LabContainer[],
  { container: wanted }: ContainerConnection,
): MachineState {
  const container = containers.find(({ name }) => name === wanted);
  if (container === undefined) return "missing";
  if (container.state === "paused") return "paused";
  return container.state === "running" ? "running" : "stopped";
}

const OF_POWER = {
  on: "running",
  off: "stopped",
  frozen: "paused",
  missing: "missing",
  unknown: "silent",
} as const;

/** How the machines are, by node: containers as the engine lists them, hosts as they answer, all asked at once. */
export async function machineStates(
  nodes: readonly ReachableNode[],
  containers: readonly LabContainer[],
): Promise<ReadonlyMap<string, MachineState>> {
  const states = await Promise.all(
    nodes.map(async (node) => {
      const { connection } = node;
      const state: MachineState =
        connection.kind === "container"
          ? containerMachine(containers, connection)
          : OF_POWER[await enginePower(node)];
      return [node.name, state] as const;
    }),
  );
  return new Map(states);
}

/** The managers whose machines run, and may answer. */
export const awakeManagers = <N extends ReachableNode>(
  nodes: readonly N[],
  machines: ReadonlyMap<string, MachineState>,
): N[] => nodes.filter(({ name, role }) => role === "manager" && machines.get(name) === "running");

/** The nodes that are machines of their own. */
export const hostsOf = <N extends ReachableNode>(nodes: readonly N[]): N[] =>
  nodes.filter(({ connection }) => connection.kind === "ssh");

/** Switches the engines on of hosts whose engine is off, and lets frozen ones go on. Returns their names. */
export async function startHosts(nodes: readonly ReachableNode[]): Promise<string[]> {
  const hosts = hostsOf(nodes);
  const machines = await machineStates(hosts, []);
  const asleep = hosts.filter(({ name }) => /paused|stopped/.test(machines.get(name) ?? ""));
  await Promise.all(
    asleep.map((node) =>
      machines.get(node.name) === "paused" ? thawEngine(node) : startEngine(node),
    ),
  );
  return asleep.map(({ name }) => name);
}
