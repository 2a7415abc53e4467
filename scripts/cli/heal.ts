import { UserError } from "../../components/errors.ts";
import { LABEL_LAB } from "../../components/labels.ts";
import { execOn } from "../../components/nodes/exec.ts";
import { awaitEngine } from "../backup/engine.ts";
import { WaitError } from "../lib/wait.ts";
import { awaitGateway, awaken } from "./awake.ts";
import { describedIn, type LabDescription, nodesOf, type ReachableNode } from "./describe.ts";
import { labContainers, mustDocker } from "./docker.ts";
import { type EngineThings, type HealPlan, type InSwarm, planHeal } from "./heal-plan.ts";
import { breakLocks, endOrphans } from "./locks.ts";
import { labName } from "./paths.ts";
import { askManagers } from "./probe.ts";
import { operate } from "./pulumi.ts";
import { type Report, since } from "./report.ts";
import { capture, said } from "./run.ts";
import { readState } from "./state.ts";

interface Seen {
  readonly description: LabDescription | undefined;
  readonly things: EngineThings;
}

/** What the engine has under the label of a lab. */
export async function engineThings(engine: string, lab: string): Promise<EngineThings> {
  const filter = ["--filter", `label=${LABEL_LAB}=${lab}`, "--format"];
  const list = async (...args: string[]) =>
    (await mustDocker(engine, args)).split("\n").filter((line) => line !== "");
  const [containers, networks, volumes] = await Promise.all([
    labContainers(engine, lab),
    list("network", "ls", "--no-trunc", ...filter, "{{.ID}}\t{{.Name}}"),
    list("volume", "ls", ...filter, "{{.Name}}"),
  ]);
  const named = networks.map((line) => {
    const [id = "", name = ""] = line.split("\t");
    return { id, name };
  });
  return { containers, networks: named, volumes };
}

function refuseForeign(lab: string, plan: HealPlan): void {
  if (plan.foreign.length === 0) return;
  throw new UserError(
    `lab ${lab}: got ${plan.foreign.length} things of a lab of this name (${plan.foreign.slice(0, 3).join(", ")} ...) ` +
      "that this checkout's state does not know, need the name to be free: they are another checkout's, or the state " +
      "was lost; make this lab under another name with `--stack NAME`, or remove them with `npm run down`",
  );
}

/** Removes from the swarm what a killed run had begun to make. What is not there is no error; no quorum is. */
async function removeInSwarm(
  engine: string,
  lab: string,
  things: readonly InSwarm[],
  say: Report,
): Promise<void> {
  const containers = await labContainers(engine, lab);
  const managers = nodesOf(containers, engine).filter((node) => node.role === "manager");
  if (managers.length === 0) return;
  for (const { kind, name } of things) {
    const script = `docker ${kind} inspect "$NAME" >/dev/null || exit 0; docker ${kind} rm "$NAME"`;
    let last = "";
    for (const manager of managers) {
      const result = await execOn(manager, script, { env: { NAME: name }, timeout: 20_000 });
      last = result.code === 0 ? "" : `${manager.name}: ${said(result, 1)}`;
      if (result.code === 0) break;
    }
    if (last !== "") say(`heal: ${kind} ${name} of a killed run may still be there: ${last}`);
  }
}

/** Takes the operations of a killed run off the record; Pulumi itself keeps those that were creating something. */
async function clearPending(stack: string): Promise<void> {
  const exported = await capture("pulumi", ["stack", "export", "--stack", stack]);
  if (exported.code !== 0)
    throw new UserError(`stack ${stack}: pulumi stack export: ${said(exported)}`);
  const state = JSON.parse(exported.stdout) as { deployment: Record<string, unknown> };
  const { pending_operations: _, ...deployment } = state.deployment;
  const stdin = JSON.stringify({ ...state, deployment });
  const imported = await capture("pulumi", ["stack", "import", "--stack", stack], { stdin });
  if (imported.code !== 0)
    throw new UserError(`stack ${stack}: pulumi stack import: ${said(imported)}`);
}

/** Whether the managers that run have a quorum. A lab that was never finished is not asked. */
async function hasQuorum(description: LabDescription | undefined, engine: EngineThings) {
  if (description === undefined) return true;
  const running = new Set(
    engine.containers.filter(({ state }) => state === "running").map(({ name }) => name),
  );
  const managers = description.nodes.filter(
    ({ role, connection }) => role === "manager" && running.has(connection.container),
  );
  return managers.length === 0 || !Array.isArray(await askManagers(managers));
}

/**
 * Refuses a lab whose managers all answer and are in no swarm: their state is gone, and no waiting brings it back. Whether it
 * is to be restored or made anew is the user's to say.
 */
async function refuseForgotten(lab: string, managers: readonly ReachableNode[]): Promise<void> {
  if (managers.length === 0) return;
  const states = await Promise.all(
    managers.map((node) => awaitEngine(node, 20).catch(() => undefined)),
  );
  if (states.some((state) => state?.state !== "inactive")) return;
  throw new UserError(
    `lab ${lab}: got ${managers.length} managers that know no swarm, need one that does: ` +
      "`npm run restore -- BACKUP` brings the swarm back (`npm run backup -- --list` shows the backups); " +
      "`npm run down` and `npm run up` make a new one",
  );
}

/** Starts what is stopped and waits, within bounds, until the swarm has its quorum and the gateway reaches it. */
async function wake(stack: string, engine: string, plan: HealPlan, seen: Seen, say: Report) {
  const start = performance.now();
  if (plan.start.length > 0) await mustDocker(engine, ["start", ...plan.start]);
  if (plan.unpause.length > 0) await mustDocker(engine, ["unpause", ...plan.unpause]);
  const names = [...plan.start, ...plan.unpause];
  if (names.length > 0) say(`heal: started ${names.join(", ")} in ${since(start)}`);
  else if (await hasQuorum(seen.description, seen.things)) return;
  else say("heal: no manager has a quorum, waiting for one");
  const containers = await labContainers(engine, labName(stack));
  const running = containers.filter(({ state }) => state === "running");
  if (seen.description !== undefined) {
    const managers = nodesOf(running, engine).filter(({ role }) => role === "manager");
    await refuseForgotten(labName(stack), managers);
  }
  const api = seen.description?.gateway.api;
  try {
    await awaken(stack, nodesOf(running, engine), () => undefined, 60, say);
    if (api !== undefined) await awaitGateway(api, 30);
    say(`heal: the swarm has its quorum after ${since(start)}`);
  } catch (error) {
    if (!(error instanceof WaitError)) throw error;
    say(`heal: going on although ${error.message}`);
  }
}

/**
 * Brings engine and state together, so that `pulumi up` converges whatever happened before: frees the stack from
 * killed runs, removes what they made and did not record, starts what is stopped, and forgets what is gone. Says what
 * it does; says nothing when all is well. Returns `lost`, having done nothing, when the swarm itself is gone with the
 * disks of its managers: then what is on record is worth nothing.
 */
export async function heal(stack: string, engine: string, say: Report): Promise<"well" | "lost"> {
  const lab = labName(stack);
  const killed = await breakLocks(stack, say);
  let [state, things] = await Promise.all([readState(stack), engineThings(engine, lab)]);
  let plan = planHeal(state, things);
  refuseForeign(lab, plan);
  if (plan.swarmLost) return "lost";
  if (plan.clearPending) {
    if (!killed) await endOrphans(stack, say);
    things = await engineThings(engine, lab);
    plan = planHeal(state, things);
    for (const id of plan.removeContainers) await mustDocker(engine, ["rm", "-f", "-v", id]);
    for (const id of plan.removeNetworks) await mustDocker(engine, ["network", "rm", id]);
    const removed = plan.removeContainers.length + plan.removeNetworks.length;
    if (removed > 0)
      say(`heal: removed ${removed} things of a killed run that the state does not know`);
  }
  await wake(stack, engine, plan, { description: describedIn(state), things }, say);
  if (plan.clearPending) {
    await removeInSwarm(engine, lab, plan.removeInSwarm, say);
    await clearPending(stack);
    say("heal: cleared the operations a killed run left open");
  }
  if (plan.refresh.length === 0) return "well";
  say(`heal: ${plan.refresh.length} things are on record and gone from the engine`);
  const targets = plan.refresh.flatMap((urn) => ["--target", urn]);
  const { code, log } = await operate("refresh", stack, { extra: targets, say });
  if (code !== 0) throw new UserError(`lab ${lab}: refreshing what is gone failed; see ${log}`);
  return "well";
}
