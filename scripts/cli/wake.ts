import { UserError } from "../../components/errors.ts";
import { UNCUT } from "../../components/nodes/cut.ts";
import { runOn } from "../../components/nodes/exec.ts";
import { awaitEngine } from "../backup/engine.ts";
import { WaitError } from "../lib/wait.ts";
import { END_LEAD } from "../swarm/lead.ts";
import { awaitGateway, awaken } from "./awake.ts";
import { type LabDescription, nodesOf, type ReachableNode } from "./describe.ts";
import { labContainers, mustDocker } from "./docker.ts";
import type { EngineThings, HealPlan } from "./heal-plan.ts";
import { awakeManagers, hostsOf, machineStates, startHosts } from "./machines.ts";
import { labName } from "./paths.ts";
import { askManagers } from "./probe.ts";
import { type Report, since } from "./report.ts";

/** Whether the managers that run have a quorum. A lab that was never finished is not asked. */
async function hasQuorum(description: LabDescription | undefined, engine: EngineThings) {
  if (description === undefined) return true;
  const machines = await machineStates(description.nodes, engine.containers);
  const managers = awakeManagers(description.nodes, machines);
  return managers.length === 0 || !Array.isArray(await askManagers(managers));
}

/** The nodes that run now: the lab's containers, and of its hosts those that answer. */
async function runningNodes({ engine, stack, description }: WakeRequest): Promise<ReachableNode[]> {
  const containers = await labContainers(engine, labName(stack));
  const running = containers.filter(({ state }) => state === "running");
  const hosts = hostsOf(description?.nodes ?? []);
  const machines = await machineStates(hosts, []);
  const answering = hosts.filter(({ name }) => machines.get(name) === "running");
  return [...nodesOf(running, engine), ...answering];
}

/** Whether all managers answer and are in no swarm: their state is gone, and no waiting brings it back. */
async function haveForgotten(managers: readonly ReachableNode[]): Promise<boolean> {
  const states = await Promise.all(
    managers.map((node) => awaitEngine(node, 20).catch(() => undefined)),
  );
  return states.length > 0 && states.every((state) => state?.state === "inactive");
}

/** Whether such a swarm is to be restored or made anew is the user's to say. */
const forgotten = (lab: string, managers: number) =>
  `lab ${lab}: got ${managers} managers that know no swarm, need one that does: ` +
  "`npm run restore -- BACKUP` brings the swarm back (`npm run backup -- --list` shows the backups); " +
  "`npm run down` and `npm run up` make a new one";

export interface WakeRequest {
  readonly stack: string;
  readonly engine: string;
  readonly plan: HealPlan;
  readonly description: LabDescription | undefined;
  readonly things: EngineThings;
  /** Whether a drill broke this lab, on purpose, and never mended it. */
  readonly broken: boolean;
  readonly say: Report;
}

/** Takes away the cuts between nodes, which would keep managers apart for ever, and what leads nodes to one manager. */
async function uncut(request: WakeRequest): Promise<void> {
  const nodes = await runningNodes(request);
  await Promise.all(
    nodes.map((node) => runOn(node, "healing its network", `${UNCUT}\n${END_LEAD}`)),
  );
}

/**
 * Starts what is stopped and waits, within bounds, until the swarm has its quorum and the gateway reaches it. Returns
 * whether it has, or whether there is nothing yet to have one. Managers that all forgot their swarm are an error, except
 * after a drill that made them forget.
 */
export async function wake(request: WakeRequest): Promise<boolean> {
  const { stack, engine, plan, description, things, broken, say } = request;
  const start = performance.now();
  if (plan.start.length > 0) await mustDocker(engine, ["start", ...plan.start]);
  if (plan.unpause.length > 0) await mustDocker(engine, ["unpause", ...plan.unpause]);
  const hosts = await startHosts(description?.nodes ?? []);
  if (broken) await uncut(request);
  const names = [...plan.start, ...plan.unpause, ...hosts];
  if (names.length > 0) say(`heal: started ${names.join(", ")} in ${since(start)}`);
  else if (await hasQuorum(description, things)) return true;
  else say("heal: no manager has a quorum, waiting for one");
  const nodes = await runningNodes(request);
  if (description !== undefined) {
    const managers = nodes.filter(({ role }) => role === "manager");
    if (await haveForgotten(managers)) {
      if (broken) return false;
      throw new UserError(forgotten(labName(stack), managers.length));
    }
  }
  const api = description?.gateway.api;
  try {
    await awaken(stack, nodes, () => undefined, 60, say);
    if (api !== undefined) await awaitGateway(api, 30);
    say(`heal: the swarm has its quorum after ${since(start)}`);
    return true;
  } catch (error) {
    if (!(error instanceof WaitError)) throw error;
    say(`heal: going on although ${error.message}`);
    return false;
  }
}
