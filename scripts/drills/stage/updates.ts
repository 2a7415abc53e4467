import type {
  ContainerSeen,
  ServiceSeen,
  TaskSeen,
} from "../../../components/drills/stage/services.ts";
import type { Look } from "../../lib/wait.ts";

/** States from which an update goes nowhere by itself: the swarm sets none of them back until the next one begins. */
const OVER = ["completed", "paused", "rollback_completed", "rollback_paused"];

/** Tasks told of an update that went wrong: each slot has one that lives and up to four that are over. */
const TOLD = 8;

/**
 * The tasks that ended last, and what their nodes say of them: the swarm's message names an id at most, and a task that was
 * found unhealthy and took the signal well is `complete`, without an error.
 */
function troubles(tasks: readonly TaskSeen[], containers: readonly ContainerSeen[]): string {
  const ended = tasks
    .filter(({ state }) => /^(complete|failed|rejected)$/.test(state))
    .sort((a, b) => b.at - a.at);
  if (ended.length === 0) return "no task ended";
  return ended
    .slice(0, TOLD)
    .map(({ id, slot, node, state, error, at }) => {
      const own = containers.find(({ task }) => task === id);
      const seen = own === undefined ? "" : `, ${own.health}, exit code ${own.exitCode}`;
      const when = new Date(at).toISOString().slice(11, 19);
      return `${when} task ${slot} on ${node || "no node"} ${state}${seen}${error && `: ${error}`}`;
    })
    .join("; ");
}

/** Whether an update has come to one of `states`; one that ended otherwise has failed at once. */
export function updateLook(states: readonly string[], service: ServiceSeen): Look<ServiceSeen> {
  const { update, message } = service;
  if (states.includes(update)) return { done: service };
  const now = `it is ${update || "not begun"}: ${message}`;
  return OVER.includes(update) ? { failed: now } : { waiting: now };
}

/** An update that ended otherwise, with what its tasks came to. */
export function withTroubles(
  look: Look<ServiceSeen>,
  tasks: readonly TaskSeen[],
  containers: readonly ContainerSeen[],
): Look<ServiceSeen> {
  return "failed" in look ? { failed: `${look.failed} (${troubles(tasks, containers)})` } : look;
}
