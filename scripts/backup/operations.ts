import { join } from "node:path";
import type { Manifest } from "../../components/backup/manifest.ts";
import { planRetention } from "../../components/backup/retention.ts";
import type {
  BackupInput,
  BackupOutput,
  RestoreInput,
  RestoreOutput,
} from "../../components/backup/run-input.ts";
import { describeProblem, UserError } from "../../components/errors.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { ROOT, stackFolder } from "../cli/paths.ts";
import type { Report } from "../cli/report.ts";
import { dataPlaneProbe } from "../drills/lab-health.ts";
import { backUp } from "./backup.ts";
import { withBackupLock } from "./backup-lock.ts";
import { checkEncryption, type Decryption, type Encryption } from "./crypt.ts";
import { locate } from "./locate.ts";
import type { BackupPlace } from "./place.ts";
import { placeAt } from "./place-at.ts";
import { restore } from "./restore.ts";
import { restoreVolume } from "./restore-volume.ts";
import { UnlockKeys } from "./unlock-keys.ts";
import { verifyBackup } from "./verify.ts";

/**
 * Secrets that open and close archives, from the environment: LAB_BACKUP_PASSPHRASE and LAB_BACKUP_IDENTITY. UserError
 * when one is there and empty: whoever set it would believe his archives to be sealed.
 */
export function backupSecrets(env: NodeJS.ProcessEnv = process.env): Decryption {
  const secret = (name: string) => {
    if (env[name] !== "") return env[name];
    const fix = "unset it to go without one";
    throw new UserError(
      describeProblem({ where: name, got: "an empty text", need: "the secret", fix }),
    );
  };
  const [passphrase, identity] = [secret("LAB_BACKUP_PASSPHRASE"), secret("LAB_BACKUP_IDENTITY")];
  return { ...(passphrase ? { passphrase } : {}), ...(identity ? { identity } : {}) };
}

/** The places that a lab's backups and its operations use. */
export function placesOf({ backups, lab }: LabDescription) {
  return {
    place: placeAt(backups.directory, join(ROOT, "backups", lab)),
    keys: new UnlockKeys(backups.keys),
    backupJournal: join(stackFolder(lab), "backup-aside.json"),
    restoreJournal: join(stackFolder(lab), "restore.json"),
    lock: join(stackFolder(lab), "backup.lock"),
  };
}

/** How a new backup is sealed: for the recipient, else with the passphrase, else not at all. */
export function encryptionOf(
  recipient: string | undefined,
  { passphrase }: Decryption,
): Encryption {
  if (recipient !== undefined) return { kind: "age", recipient };
  return passphrase ? { kind: "passphrase", passphrase } : { kind: "none" };
}

/** What is known of each backup in a place. One whose manifest cannot be read is broken. */
export interface Listed {
  readonly name: string;
  readonly manifest?: Manifest;
  readonly problem?: string;
}

/** The backups of a place, oldest first. Archives are not read: `verifyBackup` does that. */
export async function listBackups(place: BackupPlace): Promise<Listed[]> {
  const { parseManifest, MANIFEST } = await import("../../components/backup/manifest.ts");
  const { text } = await import("node:stream/consumers");
  const names = await place.list();
  return Promise.all(
    names.map(async (name): Promise<Listed> => {
      try {
        return {
          name,
          manifest: parseManifest(await text(await place.open(name, MANIFEST)), name),
        };
      } catch (error) {
        return { name, problem: (error as Error).message };
      }
    }),
  );
}

/**
 * Removes what is more than `keep` good backups, each verified before it counts as good, and the unlock keys that only
 * those needed. Sealed archives are judged by their checksums alone: one that an earlier secret sealed is not broken. Returns
 * the names of the backups that went.
 */
export async function retain(
  place: BackupPlace,
  keys: UnlockKeys,
  keep: number,
): Promise<readonly string[]> {
  const listed = await listBackups(place);
  const known = await Promise.all(
    listed.map(async ({ name, manifest }) => {
      if (manifest === undefined) return { name, time: "", good: false, cold: false };
      const { problems } = await verifyBackup(place, name);
      const { time, mode, unlockKey } = manifest;
      return {
        ...{ name, time, good: problems.length === 0, cold: mode === "cold" },
        ...(unlockKey === null ? {} : { unlockKey: unlockKey.hash }),
      };
    }),
  );
  const hashes = (await keys.list()).map(({ hash }) => hash);
  const { remove, removeKeys } = planRetention(known, keep, hashes);
  for (const name of remove) await place.remove(name);
  for (const hash of removeKeys) await keys.remove(hash);
  return remove;
}

/** Makes a backup of a lab as asked, verifies it, and lets go of those that are too many. One at a time. */
export async function runBackup(input: BackupInput, say: Report): Promise<BackupOutput> {
  const {
    description,
    hot = false,
    acceptOutage = false,
    node,
    recipient,
    registry = false,
  } = input;
  const { place, keys, backupJournal, lock } = placesOf(description);
  const encryption = encryptionOf(recipient, backupSecrets());
  checkEncryption(encryption);
  return withBackupLock(lock, async () => {
    const { where, name, manifest } = await backUp({
      ...{
        lab: description.lab,
        nodes: description.nodes,
        place,
        keys,
        encryption,
        hot,
        acceptOutage,
      },
      ...(node === undefined ? {} : { node }),
      ...(registry && description.registryVolume ? { registry: description.registryVolume } : {}),
      volumes: input.volumes ?? [],
      ...{ journal: backupJournal, say },
    });
    const { problems } = await verifyBackup(place, name, { decryption: backupSecrets() });
    if (problems.length > 0)
      throw new Error(`backup ${name} was written and is not whole: ${JSON.stringify(problems)}`);
    const keep = input.keep ?? description.backups.keep;
    const removed = keep === undefined ? [] : await retain(place, keys, keep);
    const { clusterId, mode, swarm } = manifest;
    return {
      ...{ name, where, clusterId, node: manifest.node.name, mode, removed },
      ...{ bytes: swarm.bytes, sha256: swarm.sha256, encrypted: swarm.encryption !== "none" },
    };
  });
}

/** Brings back the content of one volume alone, while the swarm lives. Returns the node that has it. */
export async function runVolumeRestore(
  description: LabDescription,
  from: string,
  volume: string,
  say: Report,
): Promise<{ readonly backup: string; readonly volume: string; readonly node: string }> {
  const standard = placesOf(description);
  const { place, name } = await locate(from, standard.place);
  return withBackupLock(standard.lock, async () => {
    const { node } = await restoreVolume({
      ...{ nodes: description.nodes, place, name, volume, decryption: backupSecrets() },
      ...{ journal: standard.backupJournal, say },
    });
    return { backup: name, volume, node };
  });
}

/** Restores a lab from a backup as asked. */
export async function runRestore(input: RestoreInput, say: Report): Promise<RestoreOutput> {
  const {
    description,
    from,
    clusterId,
    fence = false,
    recreate = [],
    aliasAddress = false,
  } = input;
  const standard = placesOf(description);
  const { place, name } = await locate(from, standard.place);
  return withBackupLock(standard.lock, async () => {
    const probe = dataPlaneProbe(description);
    const result = await restore({
      ...{ lab: description.lab, nodes: description.nodes, place, name, keys: standard.keys },
      ...{ decryption: backupSecrets(), clusterId, fence, recreate, aliasAddress },
      ...{ journal: standard.restoreJournal, say, dataPlane: probe },
    });
    const { node, manifest, differences, missingWorkers, dataPlane } = result;
    return {
      ...{ backup: name, node, clusterId: manifest.clusterId, differences, missingWorkers },
      ...(dataPlane === undefined ? {} : { dataPlane }),
    };
  });
}
