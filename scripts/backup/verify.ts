import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import {
  type ArchiveEntry,
  judgeSwarmArchive,
  judgeVolumeEntry,
} from "../../components/backup/archive-list.ts";
import { MANIFEST, type Manifest, parseManifest } from "../../components/backup/manifest.ts";
import type { Problem } from "../../components/errors.ts";
import { canDecrypt, type Decryption } from "./crypt.ts";
import { type BackupPlace, SUMS } from "./place.ts";
import { openOr, USE_ANOTHER, verifyPart } from "./verify-part.ts";

export interface Verified {
  readonly name: string;
  readonly manifest: Manifest;
  /** Everything that is wrong; empty when the backup is whole. */
  readonly problems: readonly Problem[];
  /** Whether the archives were looked into. Of an encrypted one without its key only the checksum is known. */
  readonly looked: boolean;
  /** What the swarm archive takes unpacked, sparse files in full; 0 when it was not looked into. */
  readonly unpackedBytes: number;
}

/** The manifest, and what its own checksum says. */
async function readManifest(place: BackupPlace, name: string) {
  const where = `${name}/${MANIFEST}`;
  const manifest = await text(await place.open(name, MANIFEST));
  const parsed = parseManifest(manifest, where);
  const file = await openOr(place, name, SUMS);
  const sums = file === undefined ? "" : await text(file);
  const wanted = new RegExp(`^([0-9a-f]{64})  ${MANIFEST}$`, "m").exec(sums)?.[1];
  const sha256 = createHash("sha256").update(manifest).digest("hex");
  if (sha256 === wanted) return { manifest: parsed, problems: [] };
  const fix = `it was altered after it was written; ${USE_ANOTHER}`;
  const need = wanted === undefined ? `its checksum in ${SUMS}` : `${wanted}, as ${SUMS} has it`;
  return { manifest: parsed, problems: [{ where, got: `sha256 ${sha256}`, need, fix }] };
}

/**
 * Verifies a backup without unpacking it: manifest, checksums and sizes, archives readable to their ends, and what they
 * would put where. Each file is read once, as a stream. Returns all problems; throws a UserError only when there is no
 * manifest to go by.
 */
export async function verifyBackup(
  place: BackupPlace,
  name: string,
  options: { readonly decryption?: Decryption } = {},
): Promise<Verified> {
  const { decryption = {} } = options;
  const { manifest, problems } = await readManifest(place, name);
  const found: Problem[] = [...problems];
  const entries: ArchiveEntry[] = [];
  const { swarm, parts } = manifest;
  const archive = await verifyPart(place, name, swarm, decryption, (entry) => entries.push(entry));
  found.push(...archive.problems);
  // Half a listing says nothing of what is missing.
  if (archive.listed) found.push(...judgeSwarmArchive(entries, `${name}/${swarm.file}`));
  for (const part of parts) {
    const see = (entry: ArchiveEntry) => {
      const problem = judgeVolumeEntry(entry, `${name}/${part.file}`);
      if (problem) found.push(problem);
    };
    found.push(...(await verifyPart(place, name, part, decryption, see)).problems);
  }
  return {
    name,
    manifest,
    problems: found,
    looked: [swarm, ...parts].every(({ encryption }) => canDecrypt(decryption, encryption)),
    unpackedBytes: entries.reduce((sum, { size }) => sum + size, 0),
  };
}
