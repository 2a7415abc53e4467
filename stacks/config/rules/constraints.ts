import type { NodePlace } from "../../../components/nodes/plan.ts";
import { CONSTRAINT } from "../schema/service.ts";

/** Whether all constraints that can be judged before the node exists let it run tasks. */
export function mayRun(constraints: readonly string[], seat: NodePlace): boolean {
  return constraints.every((constraint) => {
    const [, key = "", operator, wanted = ""] = CONSTRAINT.exec(constraint) ?? [];
    const actual = attributeOf(key, seat);
    if (actual === undefined) return true;
    // Swarm compares without regard to case, and a label that is missing counts as empty.
    const equal = actual.toLowerCase() === wanted.toLowerCase();
    return operator === "==" ? equal : !equal;
  });
}

function attributeOf(key: string, seat: NodePlace): string | undefined {
  if (key === "node.role") return seat.role;
  if (key === "node.hostname") return seat.name;
  if (key === "node.labels.zone") return seat.zone;
  if (key.startsWith("node.labels.")) return seat.labels[key.slice("node.labels.".length)] ?? "";
  return undefined;
}
