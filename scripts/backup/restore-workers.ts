import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import type { Report } from "../cli/report.ts";
import { waitFor } from "../lib/wait.ts";

type Workers = SwarmFingerprint["nodes"];

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

async function onAll(workers: readonly NodeHandle[], script: string, say: Report): Promise<void> {
  const ends = await Promise.all(
    workers.map(async ({ name, connection }) => ({
      name,
      ...(await execOn({ connection }, script, { timeout: 30_000 })),
    })),
  );
  for (const { name, code, stderr } of ends)
    if (code !== 0) say(`${name}: its firewall was not changed: ${stderr.trim().slice(0, 200)}`);
}

/**
 * Leads workers to a manager that is about to be the only one. A worker looks for its managers at random among all it knew,
 * with pauses of up to eight seconds and five until it gives one up (swarmkit, agent), and whom the new leader has not heard
 * within half a minute it calls Down: the tasks are started elsewhere and the worker's own are stopped. With one of three
 * addresses answering, one worker in five is late. So on each worker the addresses of the managers that are `gone` lead
 * `to` the one that is there, until `endLead`. A worker that does not answer is told of and left out.
 */
export function leadWorkers(
  workers: readonly NodeHandle[],
  { gone, to, say }: { gone: readonly string[]; to: string; say: Report },
): Promise<void> {
  return onAll(workers, leadScript(gone, to), say);
}

/** Takes back what `leadWorkers` did; before another manager has one of those addresses. Safe to repeat. */
export const endLead = (workers: readonly NodeHandle[], say: Report): Promise<void> =>
  onAll(workers, END_LEAD, say);

/** Waits until a manager answers as one of a swarm with a quorum. */
export function awaitLead(node: NodeHandle): Promise<true> {
  return waitFor<true>(
    `${node.name} leads`,
    async () => {
      const listed = await execOn(node, "timeout 8 docker node ls --quiet", { timeout: 10_000 });
      return listed.code === 0 ? { done: true } : { waiting: listed.stderr.trim() };
    },
    { deadline: 60, interval: 0.5 },
  );
}

/** Which of the workers are not Ready under their ids. Pure. */
export const missingOf = (entries: readonly NodeEntry[], workers: Workers) =>
  workers.filter(({ id }) => !entries.some((one) => one.id === id && one.status === "Ready"));

/** Waits until the workers are Ready under their old ids; the names of those that are not within `deadline` seconds. */
export async function awaitWorkers(
  via: NodeHandle,
  workers: Workers,
  deadline: number,
): Promise<string[]> {
  const end = Date.now() + deadline * 1000;
  let missing: Workers = workers;
  do {
    const list = "timeout 8 docker node ls --format '{{json .}}'";
    const { code, stdout } = await execOn(via, list, { timeout: 10_000 });
    if (code === 0) missing = missingOf(parseNodes(stdout), workers);
    if (missing.length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 500));
  } while (Date.now() < end);
  return missing.map(({ hostname }) => hostname);
}
