import type { LabSeen, SeenNode } from "./input.ts";

/** A node with what runs on it: tasks by service, sorted. */
export interface DrawnNode extends SeenNode {
  readonly leader: boolean;
  /** Ready, and not Unreachable. */
  readonly well: boolean;
  readonly tasks: readonly { readonly service: string; readonly count: number }[];
}

export interface DrawnZone {
  readonly zone: string;
  /** Managers first, then by name. */
  readonly nodes: readonly DrawnNode[];
}

const counted = (services: readonly string[]) =>
  [...new Set(services)].sort().map((service) => ({
    service,
    count: services.filter((one) => one === service).length,
  }));

/** The zones of a lab in their order, each with its nodes and their tasks. */
export function zonesOf({ nodes, tasks }: Pick<LabSeen, "nodes" | "tasks">): DrawnZone[] {
  const drawn = (node: SeenNode): DrawnNode => ({
    ...node,
    leader: node.managerStatus === "Leader",
    well: node.state === "Ready" && node.managerStatus !== "Unreachable",
    tasks: counted(tasks.filter((task) => task.node === node.name).map(({ service }) => service)),
  });
  const order = (a: SeenNode, b: SeenNode) =>
    a.role.localeCompare(b.role) || a.name.localeCompare(b.name, "en", { numeric: true });
  return [...new Set(nodes.map(({ zone }) => zone))].sort().map((zone) => ({
    zone,
    nodes: nodes
      .filter((node) => node.zone === zone)
      .sort(order)
      .map(drawn),
  }));
}
