import { join } from "node:path";
import { UserError } from "../../components/errors.ts";
import { LABEL_LAB } from "../../components/labels.ts";
import { execOn } from "../../components/nodes/exec.ts";
import { removeSpares } from "../../components/nodes/spare.ts";
import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import { forgetDrill } from "../../stacks/drill-runs.ts";
import { markMended, type UnmendedRun, unmendedRuns } from "../drills/unmended.ts";
import { mendAfterDrill } from "../swarm/mend-drill.ts";
import { mendMembers } from "../swarm/mend-members.ts";
import { describedIn, nodesOf } from "./describe.ts";
import { labContainers, mustDocker } from "./docker.ts";
import { type EngineThings, type HealPlan, type InSwarm, planHeal } from "./heal-plan.ts";
import { breakLocks, endOrphans } from "./locks.ts";
import { hostsOf } from "./machines.ts";
import { labName, ROOT } from "./paths.ts";
import { operate } from "./pulumi.ts";
import { recordedMembers } from "./recorded-members.ts";
import { type Report, timed } from "./report.ts";
import { capture, said } from "./run.ts";
import { readState } from "./state.ts";
import { wake } from "./wake.ts";

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
  { engine, lab, say }: { engine: string; lab: string; say: Report },
  things: readonly InSwarm[],
  recorded: readonly MemberInput[],
): Promise<void> {
  const containers = await labContainers(engine, lab);
  const nodes = [...nodesOf(containers, engine), ...hostsOf(recorded.map(({ node }) => node))];
  const managers = nodes.filter((node) => node.role === "manager");
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

const named = (runs: readonly UnmendedRun[]) =>
  runs.map(({ drill, runId }) => `drill ${drill} (${runId})`).join(", ");

/** A run that was killed is asked for no more; its evidence stays, and so does the verdict of one that failed. */
async function forgetRun(lab: string, { drill, runId, folder }: UnmendedRun): Promise<void> {
  forgetDrill(ROOT, lab, drill, runId);
  await markMended(folder);
}

/** Makes the swarm whole again: nodes that run and are in none, then what drills left that never came to their end. */
async function mend(
  { engine, lab, say }: { engine: string; lab: string; say: Report },
  members: readonly MemberInput[],
  runs: readonly UnmendedRun[],
): Promise<void> {
  await mendMembers(members, { afterDrill: runs.length > 0, say });
  if (runs.length === 0 || members.length === 0) return;
  await timed(
    `heal: taking back what ${named(runs)} left`,
    async () => {
      await removeSpares(engine, lab);
      await mendAfterDrill(members);
    },
    say,
  );
  for (const run of runs) await forgetRun(lab, run);
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
  const description = describedIn(state);
  const runs = await unmendedRuns(join(ROOT, "reports", lab));
  const broken = runs.length > 0 && description?.expendable === true;
  const quorum = await wake({ stack, engine, plan, description, things, broken, say });
  if (broken && !quorum) {
    say(`heal: ${named(runs)} left no manager that could lead the others`);
    for (const run of runs) await forgetRun(lab, run);
    return "lost";
  }
  if (plan.clearPending) {
    await removeInSwarm({ engine, lab, say }, plan.removeInSwarm, recordedMembers(state));
    await clearPending(stack);
    say("heal: cleared the operations a killed run left open");
  }
  if (quorum) await mend({ engine, lab, say }, recordedMembers(state), runs);
  if (plan.refresh.length === 0) return "well";
  say(`heal: ${plan.refresh.length} things are on record and gone from the engine`);
  const targets = plan.refresh.flatMap((urn) => ["--target", urn]);
  const { code, log } = await operate("refresh", stack, { extra: targets, say });
  if (code !== 0) throw new UserError(`lab ${lab}: refreshing what is gone failed; see ${log}`);
  return "well";
}
