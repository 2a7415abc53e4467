import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import type { Report } from "../cli/report.ts";

type Node = Pick<NodeHandle, "name" | "connection">;

/** Of our own in the table of NAT, so that it can be made twice and removed whole. */
const CHAIN = "SWARM-LAB-LEAD";

/** Shell that leads connections to the managers that are gone to the one that is there. Safe to repeat. */
export function leadScript(gone: readonly string[], to: string): string {
  const rules = gone.map(
    (address) =>
      `iptables -w -t nat -A ${CHAIN} -d ${address} -p tcp --dport 2377 -j DNAT --to-destination ${to}:2377`,
  );
  return [
    `iptables -w -t nat -N ${CHAIN} 2>/dev/null || iptables -w -t nat -F ${CHAIN}`,
    ...rules,
    `iptables -w -t nat -C OUTPUT -j ${CHAIN} 2>/dev/null || iptables -w -t nat -I OUTPUT -j ${CHAIN}`,
  ].join("\n");
}

/** Shell that takes it back; does nothing where there is nothing. Connections that were led stay. */
export const END_LEAD = `iptables -w -t nat -D OUTPUT -j ${CHAIN} 2>/dev/null || true
iptables -w -t nat -F ${CHAIN} 2>/dev/null || exit 0
iptables -w -t nat -X ${CHAIN}`;

async function onAll(nodes: readonly Node[], script: string, say: Report): Promise<void> {
  const ends = await Promise.all(
    nodes.map(async ({ name, connection }) => ({
      name,
      ...(await execOn({ connection }, script, { timeout: 30_000 })),
    })),
  );
  for (const { name, code, stderr } of ends)
    if (code !== 0) say(`${name}: its firewall was not changed: ${stderr.trim().slice(0, 200)}`);
}

/**
 * Leads nodes to a manager that is about to be the only one. A node looks for its managers at random among all it knew, with
 * pauses of up to eight seconds and five until it gives one up (swarmkit, agent). A worker whom the new leader has not heard
 * within half a minute is called Down: its tasks are started elsewhere and its own are stopped; with one of three addresses
 * answering, one worker in five is late. So on each node the addresses of the managers that are `gone` lead `to` the one
 * that is there, until `endLead`. A node that does not answer is told of and left out.
 */
export function leadNodes(
  nodes: readonly Node[],
  { gone, to, say }: { gone: readonly string[]; to: string; say: Report },
): Promise<void> {
  return onAll(nodes, leadScript(gone, to), say);
}

/** Takes back what `leadNodes` did; before another manager has one of those addresses. Safe to repeat. */
export const endLead = (nodes: readonly Node[], say: Report): Promise<void> =>
  onAll(nodes, END_LEAD, say);
