import type { NodeEntry } from "./node-list.ts";

/**
 * Why a node must not be removed now, or undefined when it may. Removing a manager changes the quorum from
 * that of n to that of n-1 members; the managers that stay and answer must reach the new one, and the change itself
 * needs the old one (a raft membership change is a log entry like any other).
 */
export function removalProblem(entries: readonly NodeEntry[], id: string): string | undefined {
  const managers = entries.filter((entry) => entry.managerStatus !== "");
  const leaving = managers.find((entry) => entry.id === id);
  if (leaving === undefined) return undefined;
  const answers = (entry: NodeEntry) => entry.managerStatus !== "Unreachable";
  const staying = managers.filter((entry) => entry.id !== id);
  const needed = Math.floor(staying.length / 2) + 1;
  const alive = staying.filter(answers).length;
  if (staying.length === 0) return "it is the last manager: removing it ends the swarm";
  if (alive >= needed) return undefined;
  return (
    `removing this manager would lose the quorum: ${alive} of the ${staying.length} that stay answer, ` +
    `${needed} are needed; bring ${staying
      .filter((entry) => !answers(entry))
      .map((entry) => entry.hostname)
      .join(", ")} back first`
  );
}
