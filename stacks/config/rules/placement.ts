import { type NodePlace, planPlaces } from "../../../components/nodes/plan.ts";
import { zoneLoss } from "../../../components/swarm/quorum.ts";
import type { Finding, Path } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";
import type { ServiceSettings } from "../resolved-service.ts";
import { mayRun } from "./constraints.ts";

export function placementErrors(config: LabConfig): Finding[] {
  const seats = planPlaces(config);
  return [
    ...idleErrors(config),
    ...labelErrors(config, seats),
    ...Object.entries(config.services).flatMap(([name, service]) =>
      crowdErrors(["services", name], service, runners(config, seats).length),
    ),
  ];
}

/** Nodes that tasks are given to. */
function runners(config: LabConfig, seats: readonly NodePlace[]): NodePlace[] {
  return seats.filter(({ role }) => role === "worker" || config.managerAvailability === "active");
}

function idleErrors(config: LabConfig): Finding[] {
  if (config.workers > 0 || config.managerAvailability === "active") return [];
  const services = [...Object.keys(config.services), ...Object.keys(config.composeStacks)];
  const idle = [...(config.registry.enabled ? ["the registry"] : []), ...services];
  if (idle.length === 0) return [];
  const managers = `managers run no tasks (managerAvailability ${config.managerAvailability})`;
  const need = `at least 1, as ${managers} and something must run ${list(idle)}`;
  if (config.provider === "hosts") {
    if (config.hosts.length === 0) return [];
    const fix = "add a host whose role is worker, or set managerAvailability to active";
    return [{ path: ["hosts"], got: "no worker", need, fix }];
  }
  const fix = "add a worker or set managerAvailability to active";
  return [{ path: ["workers"], value: config.workers, need, fix }];
}

/** "a, b and c". */
function list(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

function labelErrors(config: LabConfig, seats: readonly NodePlace[]): Finding[] {
  const names = seats.map(({ name }) => name);
  return Object.keys(config.nodes.labels)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: ["nodes", "labels", name],
      got: `the node "${name}"`,
      need: `a node of this lab: ${nodeNames(config)}`,
      fix: "rename or remove it",
    }));
}

/** "m1 to m3, w1 to w2". */
function nodeNames({ hosts, managers, workers }: LabConfig): string {
  if (hosts.length > 0) return hosts.map(({ name }) => name).join(", ");
  const range = (letter: string, count: number) =>
    count === 1 ? `${letter}1` : `${letter}1 to ${letter}${count}`;
  return [range("m", managers), ...(workers > 0 ? [range("w", workers)] : [])].join(", ");
}

function crowdErrors(path: Path, service: ServiceSettings, nodes: number): Finding[] {
  const { mode, replicas, maxReplicasPerNode: most } = service;
  if (mode === "global" || most === undefined || nodes === 0 || replicas <= most * nodes) return [];
  const need = `at most ${most * nodes}: ${most} on each of the ${nodes} nodes that run tasks`;
  const fix = "lower it, raise maxReplicasPerNode or add workers";
  return [{ path: [...path, "replicas"], value: replicas, need, fix }];
}

export function placementWarnings(config: LabConfig): Finding[] {
  const seats = planPlaces(config);
  const services = Object.entries(config.services).flatMap(([name, service]) => {
    const path = ["services", name];
    const able = runners(config, seats).filter((seat) => mayRun(service.constraints, seat));
    return [...constraintWarnings(path, service, able), ...spareWarnings(path, service, able)];
  });
  return [...zoneWarnings(config, seats), ...services];
}

function zoneWarnings(config: LabConfig, seats: readonly NodePlace[]): Finding[] {
  if (config.managers < 3) return [];
  const fatal = [...zoneLoss(seats)].filter(([, loss]) => !loss.holds).map(([zone]) => zone);
  if (fatal.length === 0) return [];
  const count = config.zones.length;
  return [
    {
      path: ["zones"],
      got: `${count} ${count === 1 ? "zone" : "zones"}`,
      need: `3 or more for ${config.managers} managers: losing zone ${fatal.join(" or ")} takes the quorum`,
    },
  ];
}

function constraintWarnings(path: Path, service: ServiceSettings, able: NodePlace[]): Finding[] {
  if (able.length > 0 || service.constraints.length === 0) return [];
  const need =
    "constraints that a node which runs tasks meets: until one does, its tasks stay pending";
  return [{ path: [...path, "constraints"], value: service.constraints, need }];
}

/** A start-first update starts a task before it stops one, so some node must have room for it. */
function spareWarnings(path: Path, service: ServiceSettings, able: NodePlace[]): Finding[] {
  const { mode, replicas, maxReplicasPerNode: most, update } = service;
  if (mode === "global" || most === undefined || update.order === "stop-first") return [];
  const places = most * able.length;
  if (replicas > places || replicas < places) return [];
  const need = `fewer than ${places}, all the places that maxReplicasPerNode leaves: a start-first update waits for a free one`;
  const fix = "lower it, raise maxReplicasPerNode or set update.order to stop-first";
  return [{ path: [...path, "replicas"], value: replicas, need, fix }];
}
