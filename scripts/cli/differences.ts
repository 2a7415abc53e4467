import Table from "cli-table3";
import pc from "picocolors";
import type { Difference } from "../../components/backup/difference.ts";

/** In what a swarm is not the one of its backup, as a table. */
export function drawDifferences(differences: readonly Difference[]): string {
  const table = new Table({ head: ["what", "in the backup", "now"], style: { head: [] } });
  for (const { what, expected, seen } of differences) table.push([what, expected, seen]);
  return `${pc.yellow("the swarm differs from the backup:")}\n${table.toString()}`;
}
