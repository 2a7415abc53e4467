import { compareFingerprints } from "../../components/backup/difference.ts";
import type { Manifest } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { timed } from "../cli/report.ts";
import { endLead } from "../swarm/lead.ts";
import { rejoinManager } from "../swarm/rejoin.ts";
import { mustReadSwarm } from "./read-swarm.ts";
import { leaveAlias, removeAlias } from "./restore-alias.ts";
import type { RestoreJournal } from "./restore-journal.ts";
import { type RestoreRequest, type RestoreResult, workersOf } from "./restore-request.ts";
import { recreateTasks, removeGhosts, restoreAutolock } from "./restore-steps.ts";
import { awaitWorkers } from "./restore-workers.ts";

/** A restore whose manager leads again, alone. */
export interface LoneRestore {
  readonly request: RestoreRequest;
  readonly manifest: Manifest;
  readonly target: NodeHandle;
  readonly journal: RestoreJournal;
}

async function takeWorkers({ request, manifest, target }: LoneRestore): Promise<string[]> {
  const { say, workersDeadline: deadline = 90 } = request;
  const workers = manifest.fingerprint.nodes.filter(({ role }) => role === "worker");
  const missing = await timed(
    `waiting for ${workers.length} workers under their old ids`,
    () => awaitWorkers(target, workers, deadline),
    say,
  );
  await endLead(workersOf(request), say);
  if (missing.length > 0) say(`restore: ${missing.join(", ")} did not come back`);
  return missing;
}

/** Lets the other managers join anew, one after another; with an alias the restored one as well, under its own address. */
async function takeManagers({ request, manifest, target, journal }: LoneRestore): Promise<void> {
  const { nodes, say, aliasAddress = false } = request;
  const { address } = manifest.node;
  const others = nodes.filter(({ role, name }) => role === "manager" && name !== target.name);
  const rejoin = async (node: NodeHandle, via: NodeHandle) => {
    const wanted = manifest.fingerprint.nodes.find(({ hostname }) => hostname === node.name);
    const work = () => rejoinManager(node, via, wanted, journal.stamp);
    await timed(`${node.name}: joining anew`, work, say);
  };
  if (!aliasAddress) {
    for (const node of others) await rejoin(node, target);
    return;
  }
  const [second, ...more] = others.filter((node) => node.address !== address);
  if (second === undefined)
    throw new UserError(
      `restore: got no manager besides ${target.name}, need one that joins while it answers at ${address}`,
    );
  if (!journal.done("alias")) await rejoin(second, target);
  const leave = async () => {
    await leaveAlias(target, second, manifest);
    await removeAlias(target, address);
  };
  const what = `${target.name}: leaving, and answering at ${address} no more`;
  await journal.step("alias", () => timed(what, leave, say));
  await rejoin(target, second);
  // The machine that has the backup's address comes last: until the alias is gone there would be two of them.
  const home = others.filter((node) => node.address === address);
  for (const node of [...more, ...home]) await rejoin(node, target);
}

async function lockAgain({ request, manifest, target, journal }: LoneRestore): Promise<void> {
  const { keys, say } = request;
  if (!manifest.autolock) return;
  await journal.step("autolock", async () => {
    const key = await timed("switching autolock on again", () => restoreAutolock(target), say);
    const { file } = await keys.keep(key, manifest.clusterId);
    say(`restore: autolock is on again with a new unlock key, kept as ${file} in ${keys.where}`);
  });
}

/** Makes the lab whole around the restored manager, and says in what it is not as it was. */
export async function finishRestore(restored: LoneRestore): Promise<Omit<RestoreResult, "before">> {
  const { request, manifest, target, journal } = restored;
  const { nodes, say, recreate, aliasAddress = false, dataPlane: probe } = request;
  // Once it has left under the backup's address, the restored manager is no member until it has joined again.
  const alone = !journal.done("alias");
  let missingWorkers = alone ? await takeWorkers(restored) : [];
  const remove = () => removeGhosts(target, manifest);
  if (alone) await timed("removing the entries of the old managers", remove, say);
  await takeManagers(restored);
  if (!alone) missingWorkers = await takeWorkers(restored);
  await lockAgain(restored);
  const dataPlane = probe && (await timed("waiting for the overlay between all nodes", probe, say));
  for (const service of recreate)
    await timed(`starting the tasks of ${service} anew`, () => recreateTasks(target, service), say);
  const managers = nodes.filter(({ role }) => role === "manager");
  const { fingerprint: now } = await mustReadSwarm(managers, "restore");
  const differences = compareFingerprints(manifest.fingerprint, now, {
    // All of them: there is no other way back for a manager.
    rejoined: managers
      .filter(({ name }) => aliasAddress || name !== target.name)
      .map(({ name }) => name),
    rewritten: recreate.length > 0,
  });
  await journal.close();
  return { node: target.name, manifest, differences, missingWorkers, dataPlane };
}
