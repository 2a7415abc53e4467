import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import { execOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { waitFor } from "../lib/wait.ts";

type Workers = SwarmFingerprint["nodes"];

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
