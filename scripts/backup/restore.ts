import { compareFingerprints, type Difference } from "../../components/backup/difference.ts";
import type { Manifest } from "../../components/backup/manifest.ts";
import { type Problem, UserError } from "../../components/errors.ts";
import { enginePower, startEngine, stopEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type Report, timed } from "../cli/report.ts";
import { rejoinManager } from "../swarm/rejoin.ts";
import { type Decryption, decrypt } from "./crypt.ts";
import type { BackupPlace } from "./place.ts";
import { mustReadSwarm, readSwarm } from "./read-swarm.ts";
import { addAlias, leaveAlias, removeAlias } from "./restore-alias.ts";
import {
  aliasProblems,
  couldReturn,
  engineVersion,
  fenceProblems,
  freeBytes,
  listProblems,
  lookAtManagers,
  targetProblems,
} from "./restore-checks.ts";
import { RestoreJournal } from "./restore-journal.ts";
import {
  forceNewCluster,
  placeArchive,
  recreateTasks,
  removeGhosts,
  restoreAutolock,
} from "./restore-steps.ts";
import { awaitWorkers } from "./restore-workers.ts";
import type { UnlockKeys } from "./unlock-keys.ts";
import { verifyBackup } from "./verify.ts";

export interface RestoreRequest {
  readonly lab: string;
  readonly nodes: readonly NodeHandle[];
  readonly place: BackupPlace;
  /** The backup's name in its place. */
  readonly name: string;
  readonly keys: UnlockKeys;
  readonly decryption: Decryption;
  /** Cluster id the lab is known to have; undefined when nobody knows it any more. */
  readonly clusterId: string | undefined;
  /** Stops the engines of managers that could still speak for the old swarm. */
  readonly fence: boolean;
  /**
   * Restores on another manager's machine than the one with the backup's address, which has to be off: it answers there as
   * well until other managers have joined, and ends with its own address only (`--alias-address`).
   */
  readonly aliasAddress?: boolean;
  /** Services whose tasks are started anew, so that they read their secrets from the restored swarm. */
  readonly recreate: readonly string[];
  /** Seconds the workers get to come back under their old ids (default 90). */
  readonly workersDeadline?: number;
  /** File that remembers how far a restore came. */
  readonly journal: string;
  /** Says when the data plane carries requests between all nodes again; undefined where the lab has nothing to ask. */
  readonly dataPlane?: () => Promise<string>;
  readonly say: Report;
}

export interface RestoreResult {
  readonly node: string;
  readonly manifest: Manifest;
  /** In what the swarm differs from its fingerprint in the manifest; empty when it is the same. */
  readonly differences: readonly Difference[];
  /** Workers that did not come back under their old ids. */
  readonly missingWorkers: readonly string[];
  /** Sentence about the data plane. */
  readonly dataPlane: string | undefined;
  /** Where the old swarm directories are. */
  readonly before: string;
}

/** Looks at everything and changes nothing: one UserError with all problems, or what the restore needs. */
async function checkAll(request: RestoreRequest, begun: boolean) {
  const { place, name, nodes, fence, decryption, clusterId, lab, keys, aliasAddress } = request;
  const {
    manifest,
    problems: broken,
    unpackedBytes,
  } = await verifyBackup(place, name, { decryption });
  const problems: Problem[] = [...broken];
  if (clusterId !== undefined && manifest.clusterId !== clusterId) {
    problems.push({
      where: name,
      got: `a backup of cluster ${manifest.clusterId} (lab ${manifest.lab})`,
      need: `one of ${clusterId}, the cluster of lab ${lab}`,
      fix: "`npm run backup -- --list` shows those of this lab",
    });
  }
  const seen = await lookAtManagers(nodes);
  const home =
    seen.find(({ node }) => node.address === manifest.node.address) ??
    seen.find(({ node }) => node.name === manifest.node.name);
  const target = aliasAddress
    ? seen.find(({ node, power }) => node !== home?.node && power !== "missing")
    : home;
  // A restore that goes on has that machine in the swarm again, maybe, at the end.
  if (aliasAddress && !begun && !fence) problems.push(...aliasProblems(home));
  if (target === undefined || target.power === "missing") {
    const where = target?.node.name ?? manifest.node.name;
    const got = target === undefined ? `no manager at ${manifest.node.address}` : "no machine";
    const fix = "`npm run up` makes the nodes that are missing";
    problems.push({ where, got, need: "one with the backup's address to restore on", fix });
  } else {
    const [version, free] = await Promise.all([engineVersion(target), freeBytes(target)]);
    const { name: node, address } = target.node;
    problems.push(
      ...targetProblems(
        manifest,
        { name: node, address, version, free, alias: aliasAddress },
        unpackedBytes,
      ),
    );
  }
  if (!fence) {
    const lives =
      (await readSwarm(seen.filter(({ power }) => power === "on").map(({ node }) => node))) !==
      undefined;
    problems.push(...fenceProblems(seen, lives));
  }
  const { unlockKey } = manifest;
  if (unlockKey !== null && (await keys.find(unlockKey.hash)) === undefined) {
    const got = `no unlock key with hash ${unlockKey.hash.slice(0, 12)} in ${keys.where}`;
    problems.push({
      where: name,
      got,
      need: `the file ${unlockKey.file}`,
      fix: "each backup needs the key of its time",
    });
  }
  if (problems.length > 0 || target === undefined) {
    throw new UserError(`restore: nothing was changed:\n${listProblems(problems)}`);
  }
  return { manifest, seen, target: target.node };
}

/** Brings a swarm back from a backup. Interrupted anywhere, the same call finishes it. */
export async function restore(request: RestoreRequest): Promise<RestoreResult> {
  const { place, name, say, decryption, keys, aliasAddress = false } = request;
  const journal = await RestoreJournal.open(request.journal, name);
  const begun = journal.done("fence");
  // A restore that was interrupted finds its own half of the work, and no managers to fence any more.
  const { manifest, seen, target } = await timed(
    "checking the backup, the managers and the node",
    () => checkAll(begun ? { ...request, fence: true } : request, begun),
    say,
  );
  if (manifest.mode === "hot") say("restore: this backup is a hot one; it may not start");
  const before = `/var/lib/docker/swarm.before-${journal.stamp}`;
  try {
    await journal.step("fence", async () => {
      // With an alias the machine that has the address has to be off, whatever it is in the swarm.
      const both = ({ node, power }: (typeof seen)[number]) =>
        aliasAddress && power === "on" && node.address === manifest.node.address;
      const awake = seen.filter((one) => couldReturn(one) || both(one)).map(({ node }) => node);
      if (awake.length === 0) return;
      const names = awake.map((node) => node.name).join(", ");
      await timed(
        `fencing ${names}: stopping their engines`,
        () => Promise.all(awake.map(stopEngine)),
        say,
      );
    });
    await journal.step("place", () =>
      timed(
        `${target.name}: unpacking ${name}`,
        async () => {
          const archive = await place.open(name, manifest.swarm.file);
          await placeArchive(
            target,
            decrypt(archive, decryption, manifest.swarm.encryption),
            journal.stamp,
          );
        },
        say,
      ),
    );
    await journal.step("unlock", async () => {
      if (manifest.unlockKey === null) return;
      const key = await keys.find(manifest.unlockKey.hash);
      const { openKeyFile } = await import("./open-key-file.ts");
      await timed(
        `${target.name}: opening its key file with the unlock key`,
        () => openKeyFile(target, key ?? ""),
        say,
      );
    });
    if (!journal.done("alias")) {
      await timed(
        `${target.name}: starting, and a new cluster from what it knows`,
        async () => {
          if (aliasAddress) {
            if ((await enginePower(target)) !== "on") await startEngine(target);
            await addAlias(target, manifest.node.address);
          }
          await forceNewCluster(target, {
            address: manifest.node.address,
            settings: manifest.fingerprint.settings,
          });
        },
        say,
      );
    }
    return await finish(request, manifest, target, journal, before);
  } catch (error) {
    say(
      `restore: failed; running it again goes on from here. What was there before is kept on each manager in ${before}: to go back, stop the engine, put that directory in the place of /var/lib/docker/swarm, and start it`,
    );
    throw error;
  }
}

async function finish(
  request: RestoreRequest,
  manifest: Manifest,
  target: NodeHandle,
  journal: RestoreJournal,
  before: string,
): Promise<RestoreResult> {
  const { nodes, say, recreate, keys } = request;
  const { fingerprint } = manifest;
  const workers = fingerprint.nodes.filter(({ role }) => role === "worker");
  const missingWorkers = await timed(
    `waiting for ${workers.length} workers under their old ids`,
    () => {
      const { heartbeat } = fingerprint.settings;
      const deadline = request.workersDeadline ?? 90;
      return awaitWorkers(target, workers, { deadline, heartbeat, say });
    },
    say,
  );
  if (missingWorkers.length > 0) say(`restore: ${missingWorkers.join(", ")} did not come back`);
  await timed(
    "removing the entries of the old managers",
    () => removeGhosts(target, manifest),
    say,
  );
  const { aliasAddress = false } = request;
  const others = nodes.filter(({ role, name }) => role === "manager" && name !== target.name);
  const { address } = manifest.node;
  const rejoin = async (node: NodeHandle, via: NodeHandle) => {
    const wanted = fingerprint.nodes.find(({ hostname }) => hostname === node.name);
    await timed(
      `${node.name}: joining anew`,
      () => rejoinManager(node, via, wanted, journal.stamp),
      say,
    );
  };
  const [second, ...more] = others.filter((node) => !aliasAddress || node.address !== address);
  if (aliasAddress && second === undefined)
    throw new UserError(
      `restore: got no manager besides ${target.name}, need one that joins while it answers at ${address}`,
    );
  if (second !== undefined && !journal.done("alias")) await rejoin(second, target);
  if (aliasAddress && second !== undefined) {
    await journal.step("alias", () =>
      timed(
        `${target.name}: leaving, and answering at ${address} no more`,
        async () => {
          await leaveAlias(target, second, manifest);
          await removeAlias(target, address);
        },
        say,
      ),
    );
    await rejoin(target, second);
  }
  for (const node of more) await rejoin(node, target);
  for (const node of aliasAddress ? others.filter((one) => one.address === address) : [])
    await rejoin(node, target);
  if (manifest.autolock) {
    await journal.step("autolock", async () => {
      const key = await timed("switching autolock on again", () => restoreAutolock(target), say);
      const { file } = await keys.keep(key, manifest.clusterId);
      say(`restore: autolock is on again with a new unlock key, kept as ${file} in ${keys.where}`);
    });
  }
  const { dataPlane: probe } = request;
  const dataPlane = probe && (await timed("waiting for the overlay between all nodes", probe, say));
  for (const service of recreate)
    await timed(`starting the tasks of ${service} anew`, () => recreateTasks(target, service), say);
  const managers = nodes.filter(({ role }) => role === "manager");
  const { fingerprint: now } = await mustReadSwarm(managers, "restore");
  const differences = compareFingerprints(fingerprint, now, {
    // All of them: there is no other way back for a manager.
    rejoined: (aliasAddress ? managers : others).map(({ name }) => name),
    rewritten: recreate.length > 0,
  });
  await journal.close();
  return { node: target.name, manifest, differences, missingWorkers, dataPlane, before };
}
