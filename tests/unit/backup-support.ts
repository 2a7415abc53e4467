import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach } from "vitest";
import type { ArchiveEntry } from "../../components/backup/archive-list.ts";
import { FORMAT, type Manifest } from "../../components/backup/manifest.ts";
import { type Encryption, encrypt } from "../../scripts/backup/crypt.ts";
import { DirectoryPlace } from "../../scripts/backup/directory-place.ts";
import type { BackupPlace } from "../../scripts/backup/place.ts";

export const NAME = "2026-11-21T10-03-22Z-m2";

export const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

/** A folder of its own for each test, with a place for backups in it. */
export function scratchPlace(): { folder: string; place: DirectoryPlace } {
  const scratch = { folder: "", place: new DirectoryPlace("") };
  beforeEach(() => {
    scratch.folder = mkdtempSync(join(tmpdir(), "swarm-lab-backup-"));
    scratch.place = new DirectoryPlace(join(scratch.folder, "backups"));
  });
  afterEach(() => rmSync(scratch.folder, { recursive: true, force: true }));
  return scratch;
}

const SWARM_FILES = [
  "swarm/docker-state.json",
  "swarm/state.json",
  "swarm/certificates/swarm-node.crt",
  "swarm/certificates/swarm-node.key",
  "swarm/certificates/swarm-root-ca.crt",
  "swarm/raft/wal-v3-encrypted/0000000000000000-0000000000000000.wal",
  "swarm/raft/wal-v3-encrypted/0.tmp",
  "swarm/worker/tasks.db",
];

/** The listing of a whole swarm archive. */
export const swarmListing = (): ArchiveEntry[] => [
  { path: "swarm/", type: "directory", size: 0 },
  ...SWARM_FILES.map((path): ArchiveEntry => ({ path, type: "file", size: 100 })),
];

/** Writes a directory like a manager's, its log with holes in it, and returns its archive as a node's tar makes it. */
export function swarmArchive(folder: string, args: readonly string[] = ["--format=posix"]): Buffer {
  for (const file of SWARM_FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${file} ${sha256(file).repeat(20)}\n`);
    if (file.includes("wal-v3")) execFileSync("truncate", ["--size=4M", join(folder, file)]);
  }
  return execFileSync("tar", ["-C", folder, ...args, "-cpSzf", "-", "swarm"]);
}

interface Header {
  readonly name: string;
  readonly type?: string;
  readonly linkname?: string;
  readonly pax?: Record<string, string>;
}
type Pack = Readable & {
  entry(header: Header, content: string): void;
  finalize(): void;
};
const tar = createRequire(import.meta.url)("tar-stream") as { readonly pack: () => Pack };

/** An archive of just these entries, as no honest tar would write them. */
export async function craftedArchive(headers: readonly Header[]): Promise<Buffer> {
  const pack = tar.pack();
  const whole = SWARM_FILES.map((name): Header => ({ name }));
  for (const header of [...whole, ...headers])
    pack.entry(header, header.type === undefined ? "content" : "");
  pack.finalize();
  return gzipSync(await buffer(pack));
}

export function manifestOf(swarm: Manifest["swarm"], parts: Manifest["parts"] = []): Manifest {
  const node = { id: "ngbdsr0n6v2b8u8p0f2v4r0cx", name: "m2", address: "10.90.0.12" };
  return {
    format: FORMAT,
    lab: "dev",
    clusterId: "x7k0p2qk1u1l9x8e0z5t0c4ab",
    time: "2026-11-21T10:03:22.123Z",
    node,
    engineVersion: "26.1.5+dfsg1",
    managers: [{ id: "a1", name: "m1", address: "10.90.0.11" }, node],
    caFingerprint: sha256("ca"),
    autolock: false,
    unlockKey: null,
    mode: "cold",
    raftIndex: 41,
    cut: { from: 1795255400000, to: 1795255403000 },
    fingerprint: {
      clusterId: "x7k0p2qk1u1l9x8e0z5t0c4ab",
      raftIndex: 41,
      caFingerprint: sha256("ca"),
      tokens: { manager: sha256("manager"), worker: sha256("worker") },
      settings: {
        ...{ autolock: false, certExpiry: 7776000, heartbeat: 5, taskHistory: 5 },
        snapshotInterval: 10000,
        forceRotate: 0,
      },
      ...{ nodes: [], services: [], secrets: [], configs: [], networks: [] },
    },
    swarm,
    parts,
  };
}

/** Makes a complete backup of an archive. */
export async function makeBackup(
  place: BackupPlace,
  archive: Buffer,
  encryption: Encryption = { kind: "none" },
  volume?: Buffer,
  name = NAME,
): Promise<Manifest> {
  const draft = await place.begin(name);
  const store = async (stem: string, bytes: Buffer) => {
    const file = encryption.kind === "none" ? `${stem}.tgz` : `${stem}.tgz.age`;
    const written = await draft.write(file, encrypt(Readable.from([bytes]), encryption));
    return { file, encryption: encryption.kind, ...written };
  };
  const swarm = await store("swarm", archive);
  const parts =
    volume === undefined
      ? []
      : [
          {
            kind: "volume" as const,
            name: "db",
            node: "w1",
            ...(await store("volume-db", volume)),
          },
        ];
  const manifest = manifestOf(swarm, parts);
  await draft.writeManifest(manifest);
  await draft.commit();
  return manifest;
}
