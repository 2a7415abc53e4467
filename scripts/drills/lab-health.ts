import { UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { parseNodes } from "../../components/swarm/node-list.ts";
import type { Reach } from "../../components/swarm/reach.ts";
import { notReady } from "../../components/swarm/readiness.ts";
import { LIST_SERVICES, notConverged, parseServices } from "../../components/swarm/service-list.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { askManagers } from "../swarm/managers.ts";
import { type ProbedService, probeReach } from "../swarm/probe-reach.ts";

const LIST = `docker node ls --format '{{json .}}'; echo ---
${LIST_SERVICES}`;

/** Why a lab is not whole; undefined when every node is Ready, the quorum whole and every service as wanted. */
export async function notWhole({ nodes }: LabDescription): Promise<string | undefined> {
  const managers = nodes.filter(({ role }) => role === "manager");
  const answer = await askManagers(managers, LIST);
  if (answer === undefined) return "no manager with a quorum answers";
  const [listed = "", services = ""] = answer.stdout.split("---\n");
  const entries = parseNodes(listed);
  const reason = notReady(nodes, entries);
  if (reason !== undefined) return reason;
  if (entries.length !== nodes.length)
    return `${entries.length} nodes are listed, and the lab has ${nodes.length}`;
  for (const service of parseServices(services)) {
    const why = notConverged(service);
    if (why) return `service ${service.name}: ${"failed" in why ? why.failed : why.waiting}`;
  }
  return undefined;
}

/** Waits until a lab is whole; fails with the last reason. */
export async function awaitWhole(lab: LabDescription, deadline: number): Promise<void> {
  await waitFor(
    `lab ${lab.lab} is whole`,
    async (): Promise<Look<true>> => {
      const reason = await notWhole(lab);
      return reason === undefined ? { done: true } : { waiting: reason };
    },
    { deadline, interval: 1 },
  );
}

/** Seconds the gossip between the engines gets to find itself again after a new cluster was forced, or a node came anew. */
export const GOSSIP = 120;

/** Waits until requests cross the overlay between tasks of a service on these nodes, and returns the sentence about it. */
export async function awaitReach(
  nodes: readonly NodeHandle[],
  probed: ProbedService,
): Promise<string> {
  const { sentence } = await waitFor<Reach>(
    "the overlay carries requests between nodes",
    async () => {
      const reach = await probeReach(nodes, probed);
      return reach.whole ? { done: reach } : { waiting: reach.sentence };
    },
    { deadline: GOSSIP, interval: 1 },
  ).catch((error: unknown) => {
    throw new UserError((error as Error).message);
  });
  return sentence;
}

/**
 * Waits until requests cross the overlay between all nodes that run the application, and returns the sentence about it.
 * Undefined where no service of the lab can ask. The overlay's membership is not the swarm's: it heals by itself, later.
 */
export function dataPlaneProbe({
  app,
  nodes,
}: LabDescription): (() => Promise<string>) | undefined {
  if (app === undefined) return undefined;
  const workers = nodes.filter(({ role }) => role === "worker");
  return () => awaitReach(workers, app);
}
