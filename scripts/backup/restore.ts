import { enginePower, stopEngine } from "../../components/nodes/power.ts";
import { timed } from "../cli/report.ts";
import { endLead, leadNodes } from "../swarm/lead.ts";
import { type CheckedRestore, checkRestore } from "./check-restore.ts";
import { decrypt } from "./crypt.ts";
import { finishRestore, type LoneRestore } from "./finish-restore.ts";
import { addAlias } from "./restore-alias.ts";
import { couldReturn } from "./restore-checks.ts";
import { RestoreJournal } from "./restore-journal.ts";
import { type RestoreRequest, type RestoreResult, workersOf } from "./restore-request.ts";
import { forceNewCluster, placeArchive, startApart } from "./restore-steps.ts";

async function fence(
  { manifest, request: { aliasAddress, say } }: LoneRestore,
  seen: CheckedRestore["seen"],
): Promise<void> {
  // With an alias the machine that has the address has to be off, whatever it is in the swarm.
  const both = ({ node, power }: (typeof seen)[number]) =>
    aliasAddress && power === "on" && node.address === manifest.node.address;
  const awake = seen.filter((one) => couldReturn(one) || both(one)).map(({ node }) => node);
  if (awake.length === 0) return;
  const names = awake.map((node) => node.name).join(", ");
  const stop = () => Promise.all(awake.map(stopEngine));
  await timed(`fencing ${names}: stopping their engines`, stop, say);
}

async function unpack({ request, manifest, target, journal }: LoneRestore): Promise<void> {
  const { place, name, decryption, say } = request;
  const { file, encryption } = manifest.swarm;
  const work = async () => {
    const archive = decrypt(await place.open(name, file), decryption, encryption);
    await placeArchive(target, archive, journal.stamp);
  };
  await timed(`${target.name}: unpacking ${name}`, work, say);
}

async function unlock({ request, manifest, target }: LoneRestore): Promise<void> {
  const { keys, say } = request;
  if (manifest.unlockKey === null) return;
  const key = await keys.find(manifest.unlockKey.hash);
  const { openKeyFile } = await import("./open-key-file.ts");
  const work = () => openKeyFile(target, key ?? "");
  await timed(`${target.name}: opening its key file with the unlock key`, work, say);
}

/** The addresses at which workers look for a manager in vain. */
function goneManagers({ request, manifest }: LoneRestore): string[] {
  const managers = request.nodes.filter(({ role }) => role === "manager");
  const known = [...managers, ...manifest.managers].map(({ address }) => address);
  return [...new Set(known)].filter((address) => address !== manifest.node.address);
}

async function begin(restored: LoneRestore): Promise<void> {
  const { request, manifest, target } = restored;
  const { address } = manifest.node;
  const work = async () => {
    const lead = { gone: goneManagers(restored), to: address, say: request.say };
    await leadNodes(workersOf(request), lead);
    if (request.aliasAddress) {
      if ((await enginePower(target)) !== "on") await startApart(target);
      await addAlias(target, address);
    }
    const { settings } = manifest.fingerprint;
    await forceNewCluster(target, { address, settings });
  };
  const what = `${target.name}: starting, and a new cluster from what it knows`;
  await timed(what, work, request.say);
}

/**
 * Brings a swarm back from a backup: fences the managers there are, puts the archive in place on one of them, makes it
 * the only one, and lets the others join it. Throws a UserError, with nothing changed, when it cannot be done.
 * Interrupted anywhere, the same call finishes it.
 */
export async function restore(request: RestoreRequest): Promise<RestoreResult> {
  const { name, say } = request;
  const journal = await RestoreJournal.open(request.journal, name);
  const begun = journal.done("fence");
  const { manifest, seen, target } = await timed(
    "checking the backup, the managers and the node",
    // A restore that was interrupted finds its own half of the work, and no managers to fence any more.
    () => checkRestore(begun ? { ...request, fence: true } : request, begun),
    say,
  );
  if (manifest.mode === "hot") say("restore: this backup is a hot one; it may not start");
  const before = `/var/lib/docker/swarm.before-${journal.stamp}`;
  const work: LoneRestore = { request, manifest, target, journal };
  try {
    await journal.step("fence", () => fence(work, seen));
    await journal.step("place", () => unpack(work));
    await journal.step("unlock", () => unlock(work));
    if (!journal.done("alias")) await begin(work);
    return { ...(await finishRestore(work)), before };
  } catch (error) {
    say(
      `restore: failed; running it again goes on from here. What was there before is kept on each manager in ${before}: to go back, stop the engine, put that directory in the place of /var/lib/docker/swarm, and start it`,
    );
    await endLead(workersOf(request), say);
    throw error;
  }
}
