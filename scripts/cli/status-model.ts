import { majority, tolerance } from "../../components/swarm/quorum.ts";
import type { LabDescription, ReachableNode } from "./describe.ts";
import type { LabContainer } from "./docker.ts";
import type { MachineState } from "./machines.ts";
import type { SwarmNode, SwarmView } from "./probe.ts";

/** What `status --json` prints. */
export interface Status {
  readonly lab: string;
  readonly provider: string | null;
  readonly swarm: {
    /** Null when no manager has a quorum. */
    readonly clusterId: string | null;
    readonly leader: string | null;
    readonly managers: number;
    readonly quorum: number;
    /** How many more managers may be lost from now on. */
    readonly tolerates: number;
  };
  readonly nodes: readonly NodeStatus[];
  readonly services: readonly ServiceStatus[];
  readonly network: LabDescription["network"] | Record<string, never>;
}

export interface NodeStatus {
  readonly name: string;
  readonly role: string;
  readonly zone: string;
  readonly address: string;
  /**
   * `Ready`, `Down` and so on as `docker node ls` says; `Stopped`, `Paused`, `Missing` when its machine is; `Unknown`
   * when no manager tells.
   */
  readonly state: string;
  readonly availability: string | null;
  /** `Leader`, `Reachable`, `Unreachable`, or null for a worker and when no manager tells. */
  readonly managerStatus: string | null;
  readonly engineVersion: string | null;
}

export interface ServiceStatus {
  readonly name: string;
  readonly running: number;
  readonly desired: number;
}

/** Everything that was found out of a lab. */
export interface Findings {
  readonly lab: string;
  readonly description: LabDescription | undefined;
  /** Whether Pulumi has resources of the lab on record. */
  readonly resources: boolean;
  readonly containers: readonly LabContainer[];
  readonly nodes: readonly ReachableNode[];
  /** By node. */
  readonly machines: ReadonlyMap<string, MachineState>;
  /** What a manager with a quorum tells, or the reason of each that was asked. */
  readonly view: SwarmView | readonly string[];
}

const hasView = (view: Findings["view"]): view is SwarmView => !Array.isArray(view);

/** The engine API says `ready` where people read `Ready`. */
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function stateOf(machine: MachineState | undefined, member: SwarmNode | undefined): string {
  // What is known of the machine is known sooner than by the swarm, which takes seconds to notice.
  if (machine === undefined || machine === "missing") return "Missing";
  if (machine === "paused") return "Paused";
  if (machine === "stopped") return "Stopped";
  return capital(member?.Status.State ?? "unknown");
}

function memberOf(view: Findings["view"], name: string): SwarmNode | undefined {
  if (!hasView(view)) return undefined;
  const mine = view.nodes.filter((node) => node.Description.Hostname === name);
  // A forced cluster leaves ghosts of the same name; the living one counts.
  return mine.find((node) => node.Status.State === "ready") ?? mine[0];
}

function nodeStatus(findings: Findings, node: ReachableNode): NodeStatus {
  const member = memberOf(findings.view, node.name);
  const manager = member?.ManagerStatus;
  return {
    name: node.name,
    role: member?.Spec.Role ?? node.role,
    zone: node.zone,
    address: member?.Status.Addr || node.address,
    state: stateOf(findings.machines.get(node.name), member),
    availability: member ? capital(member.Spec.Availability) : null,
    managerStatus: manager ? capital(manager.Leader ? "leader" : manager.Reachability) : null,
    engineVersion: member?.Description.Engine.EngineVersion ?? null,
  };
}

/**
 * Counts the tasks that run on nodes that are Ready: the REPLICAS column goes on counting those of a dead node. A
 * global service is desired once for each of its tasks that should run.
 */
function serviceStatus(view: SwarmView, alive: ReadonlySet<string>): ServiceStatus[] {
  return view.services
    .map((service) => {
      const tasks = view.tasks.filter(
        (task) => task.ServiceID === service.ID && task.DesiredState === "running",
      );
      const running = tasks.filter(
        (task) => task.Status.State === "running" && alive.has(task.NodeID ?? ""),
      ).length;
      const desired = service.Spec.Mode.Replicated?.Replicas ?? tasks.length;
      return { name: service.Spec.Name, running, desired };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Makes the status out of the findings. */
export function modelStatus(findings: Findings): Status {
  const { lab, description, view } = findings;
  const nodes = findings.nodes.map((node) => nodeStatus(findings, node));
  const managers = nodes.filter((node) => node.role === "manager");
  const seen = hasView(view);
  const up = new Set(nodes.filter((node) => node.state === "Ready").map((node) => node.name));
  const alive = seen ? view.nodes.filter((node) => up.has(node.Description.Hostname)) : [];
  const reachable = managers.filter(
    (node) => node.state === "Ready" && /^(Leader|Reachable)$/.test(node.managerStatus ?? ""),
  ).length;
  const quorum = managers.length === 0 ? 0 : majority(managers.length);
  return {
    lab,
    provider: description?.provider ?? null,
    swarm: {
      clusterId: seen ? view.clusterId : null,
      leader: nodes.find((node) => node.managerStatus === "Leader")?.name ?? null,
      managers: managers.length,
      quorum,
      tolerates: seen ? Math.min(Math.max(0, reachable - quorum), tolerance(managers.length)) : 0,
    },
    nodes,
    services: seen ? serviceStatus(view, new Set(alive.map((node) => node.ID))) : [],
    network: description?.network ?? {},
  };
}
