import { rm } from "node:fs/promises";
import { UserError } from "../../components/errors.ts";
import { LABEL_LAB } from "../../components/labels.ts";
import { forgetStack } from "../setup/backend.ts";
import { labContainers, labThings, mustDocker } from "./docker.ts";
import { endingsOf, type SeenState } from "./ending.ts";
import { ownBackend } from "./environment.ts";
import { breakLocks, endOrphans } from "./locks.ts";
import { labName, stackFolder } from "./paths.ts";
import { operate } from "./pulumi.ts";
import type { Report } from "./report.ts";
import { capture, said } from "./run.ts";
import { holdsResources, readState } from "./state.ts";
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
export async function stateOf(stack: string, say: Report): Promise<SeenState> {
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
  /** DOCKER_HOST of the engine that runs the lab; absent: there is none, and nothing of the lab is on one. */
  readonly engine?: string;
  /** Whether there is a Pulumi that can destroy what it made. */
  readonly pulumi: boolean;
  readonly say: Report;
}

/**
 * Removes a lab from whatever state it is in. Pulumi destroys what it has on record; what it cannot, or does not know,
 * goes by its label, or as whoever provided it takes it back; the record is cleared only once nothing is left. Returns what is
 * certain then, a sentence for each place.
 */
export async function removeLab(
  stack: string,
  { engine, pulumi, say }: RemoveOptions,
): Promise<string[]> {
  const lab = labName(stack);
  const killed = await breakLocks(stack, say);
  const [state] = await Promise.all([stateOf(stack, say), engine && unpause(engine, lab)]);
  const readable = state !== "unreadable";
  const recorded = !readable || holdsResources(state);
  const pending = readable ? (state?.pending.length ?? 0) : 0;
  const endings = endingsOf(stack, state);
  for (const ending of endings) await ending.prepare(say);
  if (!killed && pending > 0) await endOrphans(stack, say);
  let destroyed = false;
  const slow = endings.some((ending) => ending.slow);
  if (recorded && readable && pulumi) destroyed = await destroy(stack, slow, say);
  else if (recorded)
    say("Pulumi cannot destroy this lab (it is missing, or its state is); removing it by label");
  if (recorded && !destroyed) for (const ending of endings) await ending.release(say);
  if (engine !== undefined) await removeByLabel(engine, lab, say);
  const certain = engine === undefined ? [] : [`nothing labelled ${LABEL_LAB}=${lab} remains`];
  for (const ending of endings) certain.push(...(await ending.confirm(destroyed, say)));
  // Pulumi carries operations that a killed run left open even through a destroy.
  if (recorded && (!destroyed || pending > 0)) await forget(stack);
  await rm(stackFolder(stack), { recursive: true, force: true });
  return certain;
}
