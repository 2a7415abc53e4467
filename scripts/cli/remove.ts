import { rm } from "node:fs/promises";
import { UserError } from "../../components/errors.ts";
import { LABEL_LAB } from "../../components/labels.ts";
import { forgetStack } from "../setup/backend.ts";
import { confirmGone } from "./aws-leftovers.ts";
import { awsRecord, configuredRegion } from "./aws-record.ts";
import { labContainers, labThings, mustDocker } from "./docker.ts";
import { ownBackend } from "./environment.ts";
import { breakLocks, endOrphans } from "./locks.ts";
import { labName, stackFolder } from "./paths.ts";
import { operate } from "./pulumi.ts";
import { hostsConfigured, recordedHosts, releaseHosts } from "./release-hosts.ts";
import type { Report } from "./report.ts";
import { capture, said } from "./run.ts";
import { holdsResources, readState, type StackState } from "./state.ts";
import { count, describeThings, sweep } from "./sweep.ts";

/** Milliseconds after which a destroy that does nothing is given up, and the rest removed by label. */
const STALL = 120_000;

/**
 * Lets paused containers go on: stopping a paused one can hang the engine for good (seen with 20.10), and then
 * nothing but its cgroup's freezer helps.
 */
async function unpause(engine: string, lab: string): Promise<void> {
  const containers = await labContainers(engine, lab);
  const paused = containers.filter(({ state }) => state === "paused").map(({ name }) => name);
  if (paused.length > 0) await mustDocker(engine, ["unpause", ...paused]);
}

/** Lets Pulumi destroy what it has on record. Whether it did. */
async function destroy(stack: string, patient: boolean, say: Report): Promise<boolean> {
  // A host takes minutes to purge what was installed, and AWS to end instances: both say nothing meanwhile.
  const stall = patient ? {} : { stall: STALL };
  const { code, interrupted, log } = await operate("destroy", stack, { say, ...stall });
  if (interrupted) throw new UserError("down: interrupted; run `npm run down` again to go on");
  if (code !== 0) say(`pulumi destroy failed (${log}); removing by label what is left`);
  return code === 0;
}

/** Takes the stack's resources off the record, now that they are gone from the engine. */
async function forget(stack: string): Promise<void> {
  if (ownBackend()) return forgetStack(stack);
  const exported = await capture("pulumi", ["stack", "export", "--stack", stack]);
  if (exported.code !== 0)
    throw new UserError(`stack ${stack}: pulumi stack export: ${said(exported)}`);
  const state = JSON.parse(exported.stdout) as { deployment: Record<string, unknown> };
  const { resources: _, pending_operations: __, ...deployment } = state.deployment;
  const stdin = JSON.stringify({ ...state, deployment });
  const imported = await capture("pulumi", ["stack", "import", "--stack", stack], { stdin });
  if (imported.code !== 0)
    throw new UserError(`stack ${stack}: pulumi stack import: ${said(imported)}`);
}

/** The stack's state; one that cannot be read counts as a record that only `forget` can clear. */
async function stateOf(stack: string, say: Report): Promise<StackState | "unreadable" | undefined> {
  try {
    return await readState(stack);
  } catch (error) {
    say(`the state of stack ${stack} cannot be read: ${(error as Error).message}`);
    return "unreadable";
  }
}

/** Removes by label what is on the engine. Throws a UserError that names what remains when something does. */
async function removeByLabel(engine: string, lab: string, say: Report): Promise<void> {
  const found = await labThings(engine, lab);
  if (count(found) === 0) return;
  say(`removing by label: ${describeThings(found)}`);
  const { left, reasons } = await sweep(engine, lab, found);
  if (count(left) === 0) return;
  throw new UserError(
    `down: ${describeThings(left)} labelled ${LABEL_LAB}=${lab} remain: ${reasons.join("; ")}; ` +
      "remove the cause and run `npm run down` again",
  );
}

export interface RemoveOptions {
  /** DOCKER_HOST of the engine that runs the lab. */
  readonly engine: string;
  /** Whether there is a Pulumi that can destroy what it made. */
  readonly pulumi: boolean;
  readonly say: Report;
}

/** Where the lab is, or was, on AWS: by what is on record, and by what the configuration asks for. */
function awsSites(stack: string, state: StackState | undefined) {
  const { regions, accounts } = awsRecord(state);
  const asked = configuredRegion(stack);
  const all = new Set([...regions, ...(asked === undefined ? [] : [asked])]);
  return [...all].map((region) => ({ lab: labName(stack), region, accounts }));
}

/**
 * Removes a lab from whatever state it is in. Pulumi destroys what it has on record; what it cannot, or does not know,
 * goes by its label; the record is cleared only once the engine has nothing left, and AWS, where nothing is removed by its
 * tag. Returns the regions of AWS in which nothing of the lab is left.
 */
export async function removeLab(
  stack: string,
  { engine, pulumi, say }: RemoveOptions,
): Promise<string[]> {
  const lab = labName(stack);
  const killed = await breakLocks(stack, say);
  const [state] = await Promise.all([stateOf(stack, say), unpause(engine, lab)]);
  const readable = state !== "unreadable";
  const recorded = !readable || holdsResources(state);
  const pending = readable ? (state?.pending.length ?? 0) : 0;
  if (!killed && pending > 0) await endOrphans(stack, say);
  let destroyed = false;
  const hosts = readable ? recordedHosts(state) : [];
  if (!readable && hostsConfigured(stack))
    throw new UserError(
      `down: the state of stack ${stack} cannot be read, and nothing else knows what its hosts were given; mend it (\`pulumi stack export\`), or remove /etc/swarm-lab and the engine on each host by hand`,
    );
  if (hosts.length > 0) process.env.LAB_ENDING = "yes"; // read by the steps that take nodes out of the swarm
  const sites = awsSites(stack, readable ? state : undefined);
  const slow = hosts.length + sites.length > 0;
  if (recorded && readable && pulumi) destroyed = await destroy(stack, slow, say);
  else if (recorded)
    say("Pulumi cannot destroy this lab (it is missing, or its state is); removing it by label");
  if (recorded && !destroyed) await releaseHosts(hosts, say);
  await removeByLabel(engine, lab, say);
  for (const site of sites) await confirmGone(site, { destroyed, say });
  // Pulumi carries operations that a killed run left open even through a destroy.
  if (recorded && (!destroyed || pending > 0)) await forget(stack);
  await rm(stackFolder(stack), { recursive: true, force: true });
  return sites.map(({ region }) => region);
}
