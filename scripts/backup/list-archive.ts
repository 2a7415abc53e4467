import { createRequire } from "node:module";
import { type Readable, Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ArchiveEntry, EntryType } from "../../components/backup/archive-list.ts";

interface TarHeader {
  readonly name: string;
  readonly type: string | null;
  readonly linkname: string | null;
  readonly size: number;
  readonly pax: Readonly<Record<string, string>> | null;
}
type OnEntry = (header: TarHeader, content: Readable, next: () => void) => void;
type Extract = Writable & { on(event: "entry", listener: OnEntry): unknown };

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
export async function listArchive(
  source: Readable,
  see: (entry: ArchiveEntry) => void,
): Promise<void> {
  const extract = tar.extract();
  extract.on("entry", (header, content, next) => {
    for (const entry of entriesOf(header)) see(entry);
    content.on("error", () => undefined); // the pipeline fails with it, and says it
    content.on("end", next);
    content.resume();
  });
  await pipeline(source, createGunzip(), untilEndMark(), extract);
}
