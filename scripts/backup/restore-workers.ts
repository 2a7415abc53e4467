import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import { execOn } from "../../components/nodes/exec.ts";
import { startEngine, stopEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { type Report, timed } from "../cli/report.ts";
import { waitFor } from "../lib/wait.ts";

type Workers = SwarmFingerprint["nodes"];

/**
 * Heartbeats that a new leader waits for a node it has not heard before it calls it Down (swarmkit, dispatcher: three of
 * grace, twice that after a change of leaders), and those after which waiting longer is a risk on a slow machine.
 */
const GRACE = { beats: 6, safe: 3 };

/** How often it is renewed: a worker that has not found its manager by then is not there. */
const RENEWALS = 3;

/** Nanoseconds between heartbeats where the swarm does not say (swarmkit, DefaultHeartBeatPeriod). */
const HEARTBEAT = 5e9;

/** Which of the workers are not Ready under their ids. */
const missingOf = (entries: readonly NodeEntry[], workers: Workers) =>
  workers.filter(({ id }) => !entries.some((one) => one.id === id && one.status === "Ready"));

/**
 * Whether a lone manager has to begin anew, because a worker that may still come would be called Down soon. A worker looks
 * for its managers at random among all it knew, up to eight seconds apart, and only one of them is there: some need longer
 * than the half minute of grace. Of a worker that is Down the tasks are started elsewhere and its own are stopped, which is
 * what a restore must not do. Pure; `seconds` since the manager leads, `heartbeat` in nanoseconds.
 */
export function graceIsShort(
  entries: readonly NodeEntry[],
  workers: Workers,
  seconds: number,
  heartbeat: number,
): boolean {
  const managers = entries.filter(({ managerStatus }) => managerStatus !== "").length;
  const waiting = missingOf(entries, workers).some(({ id }) =>
    entries.some((one) => one.id === id && one.status === "Unknown"),
  );
  return managers === 1 && waiting && seconds >= ((heartbeat || HEARTBEAT) / 1e9) * GRACE.safe;
}

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

/** Starts a lone manager anew: it elects itself, and every node that is Unknown has its whole grace again. */
async function renewGrace(via: NodeHandle): Promise<void> {
  await stopEngine(via);
  await startEngine(via);
  await awaitLead(via);
}

/**
 * Waits until the workers are Ready under their old ids at a manager that has just begun to lead alone. Returns the names of
 * those that are not within `deadline` seconds. Those that it has heard know by then where it is, and are back at once
 * when it has to begin anew for the others.
 */
export async function awaitWorkers(
  via: NodeHandle,
  workers: Workers,
  options: { readonly deadline: number; readonly heartbeat: number; readonly say: Report },
): Promise<string[]> {
  const { deadline, heartbeat, say } = options;
  const end = Date.now() + deadline * 1000;
  let since = Date.now();
  let renewals = 0;
  let missing: Workers = workers;
  do {
    const listed = await execOn(via, "timeout 8 docker node ls --format '{{json .}}'", {
      timeout: 10_000,
    });
    if (listed.code === 0) {
      const entries = parseNodes(listed.stdout);
      missing = missingOf(entries, workers);
      if (missing.length === 0) return [];
      const short = graceIsShort(entries, workers, (Date.now() - since) / 1000, heartbeat);
      if (short && renewals < RENEWALS) {
        renewals += 1;
        const names = missing.map(({ hostname }) => hostname).join(", ");
        const what = `${via.name}: starting anew, so that ${names} has ${(GRACE.beats * (heartbeat || HEARTBEAT)) / 1e9} s more before its tasks are moved`;
        await timed(what, () => renewGrace(via), say);
        since = Date.now();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  } while (Date.now() < end);
  return missing.map(({ hostname }) => hostname);
}
