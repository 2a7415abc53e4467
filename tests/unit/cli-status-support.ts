import type { LabDescription, ReachableNode } from "../../scripts/cli/describe.ts";
import type { ContainerState, LabContainer } from "../../scripts/cli/docker.ts";
import { containerMachine } from "../../scripts/cli/machines.ts";
import type { SwarmNode, SwarmTask, SwarmView } from "../../scripts/cli/probe.ts";
import type { Findings } from "../../scripts/cli/status-model.ts";

const ENGINE = "unix:///var/run/docker.sock";
const NAMES = ["m1", "m2", "m3", "w1", "w2"] as const;
const ZONES = ["a", "b", "c", "a", "b"] as const;

/** Three managers in three zones and two workers, as they are planned. */
export const NODES: ReachableNode[] = NAMES.map((name, index) => ({
  name,
  role: name.startsWith("m") ? "manager" : "worker",
  zone: ZONES[index] ?? "a",
  address: `10.0.0.${index + 1}`,
  connection: { kind: "container", container: `lab-${name}`, engine: ENGINE },
}));

export const DESCRIPTION: LabDescription = {
  lab: "dev",
  provider: "local",
  engine: ENGINE,
  expendable: true,
  nodes: NODES.map((node) => ({ ...node, labels: {} })),
  gateway: {
    container: "lab-gateway",
    api: "https://127.0.0.1:1000",
    registry: "127.0.0.1:1001",
    apps: { app: ["http://127.0.0.1:1002"] },
  },
  network: {
    encryption: { inForce: false, reason: "the kernel has no ESP" },
    endpointMode: { inForce: "dnsrr", reason: "the kernel has no IPVS" },
    publish: { inForce: "host", reason: "the kernel has no IPVS" },
  },
  backups: { directory: "/b/dev", keys: "/k/dev" },
  kernel: {
    release: "6",
    vxlan: true,
    esp: false,
    xtMatch: true,
    ipvs: false,
    netem: false,
    nfs: false,
  },
  warnings: [],
};

export const container = (name: string, state: ContainerState = "running"): LabContainer => ({
  id: name,
  name: `lab-${name}`,
  state,
  status: "",
  node: name,
  role: name === "gateway" ? "" : name.startsWith("m") ? "manager" : "worker",
  zone: "a",
});

export const member = (name: string, change: Partial<SwarmNode> = {}): SwarmNode => ({
  ID: `id-${name}`,
  Spec: {
    Role: name.startsWith("m") ? "manager" : "worker",
    Availability: name.startsWith("m") ? "drain" : "active",
  },
  Description: { Hostname: name, Engine: { EngineVersion: "26.1.5" } },
  Status: { State: "ready", Addr: NODES.find((node) => node.name === name)?.address ?? "" },
  ...(name.startsWith("m")
    ? { ManagerStatus: { Leader: name === "m1", Reachability: "reachable" } }
    : {}),
  ...change,
});

export const task = (
  service: string,
  node: string,
  change: Partial<SwarmTask> = {},
): SwarmTask => ({
  ServiceID: service,
  NodeID: `id-${node}`,
  DesiredState: "running",
  Status: { State: "running" },
  ...change,
});

export const view = (change: Partial<SwarmView> = {}): SwarmView => ({
  via: "m1",
  clusterId: "cluster",
  nodes: NAMES.map((name) => member(name)),
  services: [
    { ID: "app", Spec: { Name: "app", Mode: { Replicated: { Replicas: 3 } } } },
    { ID: "edge", Spec: { Name: "edge", Mode: { Global: {} } } },
  ],
  tasks: [
    ...["w1", "w2", "w1"].map((node) => task("app", node)),
    ...["w1", "w2"].map((node) => task("edge", node)),
  ],
  ...change,
});

/** A whole lab, with what is different about it. */
export function findings(change: Partial<Findings> = {}): Findings {
  const containers = change.containers ?? [...NAMES, "gateway"].map((name) => container(name));
  const nodes = change.nodes ?? NODES;
  const machines = nodes.flatMap(({ name, connection }) =>
    connection.kind === "container"
      ? [[name, containerMachine(containers, connection)] as const]
      : [],
  );
  return {
    ...{ lab: "dev", description: DESCRIPTION, resources: true, view: view() },
    ...{ containers, nodes, machines: new Map(machines) },
    ...change,
  };
}

/** The containers of a whole lab, some of them in another state. */
export const containersWith = (states: Readonly<Record<string, ContainerState>>): LabContainer[] =>
  [...NAMES, "gateway"].map((name) => container(name, states[name] ?? "running"));
