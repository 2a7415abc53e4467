import type { PlannedNode } from "../nodes/types.ts";
import type { NodeEntry } from "./node-list.ts";

/**
 * Why the swarm is not whole yet, or undefined when it is: each planned node is listed once as Ready, with the role
 * it should have, and each manager is Leader or Reachable. REPLICAS and `docker info` are not asked: both lie.
 */
export function notReady(
  nodes: readonly Pick<PlannedNode, "name" | "role">[],
  entries: readonly NodeEntry[],
): string | undefined {
  const reasons: string[] = [];
  for (const node of nodes) {
    const mine = entries.filter(
      (entry) => entry.hostname === node.name && entry.status === "Ready",
    );
    const [entry, second] = mine;
    if (entry === undefined) {
      const seen = entries.find((candidate) => candidate.hostname === node.name);
      reasons.push(`${node.name} is ${seen?.status ?? "not a member"}`);
    } else if (second !== undefined) {
      reasons.push(`${node.name} is listed ${mine.length} times`);
    } else if (node.role === "manager" && !/^(Leader|Reachable)$/.test(entry.managerStatus)) {
      reasons.push(`${node.name} is ${entry.managerStatus || "not a manager"}`);
    } else if (node.role === "worker" && entry.managerStatus !== "") {
      reasons.push(`${node.name} is a manager, need a worker`);
    }
  }
  if (!entries.some((entry) => entry.managerStatus === "Leader")) reasons.push("no leader");
  return reasons.length === 0 ? undefined : reasons.join(", ");
}
