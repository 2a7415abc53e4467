import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { ArchiveEntry } from "../../components/backup/archive-list.ts";
import type { ArchivePart } from "../../components/backup/manifest.ts";
import { type Problem, UserError } from "../../components/errors.ts";
import { canDecrypt, type Decryption, decrypt } from "./crypt.ts";
import { listArchive } from "./list-archive.ts";
import type { BackupPlace } from "./place.ts";

/** What to do about a backup that is not whole. */
export const USE_ANOTHER = "use another backup";

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
export async function verifyPart(
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

/** Opens a file of a backup; undefined when it is not there. */
export async function openOr(
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
