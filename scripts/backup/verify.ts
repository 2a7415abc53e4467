import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { Readable, Transform, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import {
  type ArchiveEntry,
  type EntryType,
  judgeSwarmArchive,
  judgeVolumeEntry,
} from "../../components/backup/archive-list.ts";
import {
  type ArchivePart,
  MANIFEST,
  type Manifest,
  parseManifest,
} from "../../components/backup/manifest.ts";
import { type Problem, UserError } from "../../components/errors.ts";
import { canDecrypt, type Decryption, decrypt } from "./crypt.ts";
import { type BackupPlace, SUMS } from "./place.ts";

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

interface TarHeader {
  readonly name: string;
  readonly type: string | null;
  readonly linkname: string | null;
  readonly size: number;
  readonly pax: Readonly<Record<string, string>> | null;
}
type OnEntry = (header: TarHeader, content: Readable, next: () => void) => void;
type Extract = Writable & { on(event: "entry", listener: OnEntry): unknown };
const USE_ANOTHER = "use another backup";

/** The package has no types of its own. */
const tar = createRequire(import.meta.url)("tar-stream") as { readonly extract: () => Extract };

const TYPES: Readonly<Record<string, EntryType>> = {
  file: "file",
  directory: "directory",
  symlink: "symlink",
  link: "hard link",
  "character-device": "character device",
  "block-device": "block device",
  fifo: "fifo",
};

/**
 * What a header stands for. GNU tar gives a sparse file in PAX format its name and size beside the header, which holds
 * others for tars that know no sparse files; as those would go by the header's path, that one is judged too.
 */
function entriesOf({ name, type, linkname, size, pax }: TarHeader): ArchiveEntry[] {
  const kind = TYPES[type ?? ""] ?? "other";
  const link = linkname === null ? {} : { linkTarget: linkname };
  const sparse = pax?.["GNU.sparse.name"];
  if (sparse === undefined) return [{ path: name, type: kind, size, ...link }];
  const full = Number(pax?.["GNU.sparse.realsize"] ?? size);
  return [
    { path: sparse, type: kind, size: full, ...link },
    { path: name, type: kind, size: 0, ...link },
  ];
}

/**
 * Passes an unpacked archive on and fails at its end when the two empty blocks are not there: gzip closes the output of a
 * tar that was killed as if it were whole.
 */
function untilEndMark(): Transform {
  let tail = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      tail = Buffer.concat([tail, chunk.subarray(-1024)]).subarray(-1024);
      done(null, chunk);
    },
    flush(done) {
      const whole = tail.length === 1024 && tail.every((byte) => byte === 0);
      done(whole ? null : new Error("the end mark of tar is missing"));
    },
  });
}

/** Reads a tar.gz to its end and gives each entry to `see`. Fails when it cannot be read to the end. */
async function listArchive(source: Readable, see: (entry: ArchiveEntry) => void): Promise<void> {
  const extract = tar.extract();
  extract.on("entry", (header, content, next) => {
    for (const entry of entriesOf(header)) see(entry);
    content.on("error", () => undefined); // the pipeline fails with it, and says it
    content.on("end", next);
    content.resume();
  });
  await pipeline(source, createGunzip(), untilEndMark(), extract);
}

/** Reads a stream to its end, whatever `use` does with it, and returns its checksum and size. */
async function measured(source: Readable, use: (copy: Readable) => Promise<void>) {
  const hash = createHash("sha256");
  let bytes = 0;
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const next = async () => {
    const one = await chunks.next();
    if (one.done) return undefined;
    hash.update(one.value);
    bytes += one.value.length;
    return one.value;
  };
  async function* copy() {
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
  }
  await use(Readable.from(copy(), { objectMode: false }));
  while ((await next()) !== undefined);
  return { sha256: hash.digest("hex"), bytes };
}

/** Verifies one archive while it streams by once. `listed`: it could be read to its end. */
async function verifyPart(
  place: BackupPlace,
  name: string,
  part: ArchivePart,
  decryption: Decryption,
  see: (entry: ArchiveEntry) => void,
): Promise<{ problems: Problem[]; listed: boolean }> {
  const where = `${name}/${part.file}`;
  const source = await openOr(place, name, part.file);
  if (source === undefined) {
    const need = "it: the manifest names it";
    return { problems: [{ where, got: "no such file", need, fix: USE_ANOTHER }], listed: false };
  }
  const problems: Problem[] = [];
  let listed = false;
  const { sha256, bytes } = await measured(source, async (copy) => {
    if (!canDecrypt(decryption, part.encryption)) return;
    try {
      await listArchive(decrypt(copy, decryption, part.encryption, where), see);
      listed = true;
    } catch (error) {
      problems.push(unreadable(error, where));
    }
  });
  const fix = `it was cut off or altered after it was written; ${USE_ANOTHER}`;
  if (bytes !== part.bytes) {
    problems.push({
      where,
      got: `${bytes} bytes`,
      need: `${part.bytes}, as the manifest has it`,
      fix,
    });
  }
  if (sha256 !== part.sha256) {
    const need = `${part.sha256}, as the manifest has it`;
    problems.push({ where, got: `sha256 ${sha256}`, need, fix });
  }
  return { problems, listed };
}

async function openOr(
  place: BackupPlace,
  name: string,
  file: string,
): Promise<Readable | undefined> {
  try {
    return await place.open(name, file);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function unreadable(error: unknown, where: string): Problem {
  const { message } = error as Error;
  if (!(error instanceof UserError)) {
    const need = "an archive that can be read to its end";
    return { where, got: `one that cannot (${message})`, need, fix: USE_ANOTHER };
  }
  // It names its place and what is needed already.
  const [got = message, need = ""] = message.replace(`${where}: got `, "").split(", need ");
  return { where, got, need };
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
