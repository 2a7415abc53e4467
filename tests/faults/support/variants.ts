import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import type { Manifest } from "../../../components/backup/manifest.ts";

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Writes the checksums of a backup's folder anew, as its maker would have. */
function reseal(folder: string): void {
  const sums = join(folder, "SHA256SUMS");
  const lines = readFileSync(sums, "utf8").split("\n").filter(Boolean);
  const text = lines.map((line) => {
    const file = line.replace(/^[0-9a-f]{64} [ *]/, "");
    return `${sha256(join(folder, file))}${line.slice(64)}\n`;
  });
  writeFileSync(sums, text.join(""));
}

function changeManifest(folder: string, change: (manifest: Manifest) => unknown): void {
  const file = join(folder, "manifest.json");
  const changed = change(JSON.parse(readFileSync(file, "utf8")) as Manifest);
  writeFileSync(file, JSON.stringify(changed));
  reseal(folder);
}

/** Packs the archive anew after `change` was made to what is in it, and makes manifest and checksums fit. */
async function repack(folder: string, change: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "swarm-lab-repack-"));
  const archive = join(folder, "swarm.tgz");
  const script = `tar -C "$1" -xzf "$2"; cd "$1"; ${change}`;
  const { exitCode, stderr } = await x("sh", ["-euc", script, "repack", work, archive]);
  if (exitCode !== 0) throw new Error(stderr);
  rmSync(work, { recursive: true });
  const swarm = { sha256: sha256(archive), bytes: statSync(archive).size };
  changeManifest(folder, (manifest) => ({ ...manifest, swarm: { ...manifest.swarm, ...swarm } }));
}

const TAR = 'tar --format=posix -czf "$2"';

/** Each way in which a backup can be bad: what is done to a copy of a good one, and what the restore says about it. */
export const VARIANTS: readonly [string, (folder: string) => void | Promise<void>, RegExp][] = [
  [
    "a truncated archive",
    (folder) => truncateSync(join(folder, "swarm.tgz"), 100_000),
    /swarm\.tgz: got /,
  ],
  [
    "one flipped bit",
    (folder) => {
      const file = join(folder, "swarm.tgz");
      const bytes = readFileSync(file);
      bytes[50_000] = (bytes[50_000] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    /swarm\.tgz: got sha256 [0-9a-f]{64}, need [0-9a-f]{64}, .*cut off or altered/,
  ],
  ["no manifest", (folder) => rmSync(join(folder, "manifest.json")), /manifest/],
  [
    "another format version",
    (folder) => changeManifest(folder, (manifest) => ({ ...manifest, format: 99 })),
    /format.*99|99.*format/,
  ],
  [
    "another engine version",
    (folder) => changeManifest(folder, (manifest) => ({ ...manifest, engineVersion: "19.03.1" })),
    /m\d: got engine \d+\.\d+\S*, need 19\.03\.1, the backup's: another version may not read its log/,
  ],
  [
    "another cluster's",
    (folder) =>
      changeManifest(folder, (manifest) => ({
        ...manifest,
        clusterId: "someothercluster000000000",
      })),
    /got a backup of cluster someothercluster000000000 .*, need one of /,
  ],
  [
    "a path outside the swarm directory",
    (folder) => repack(folder, `${TAR} --transform 's,^swarm/state.json$,../state.json,' -P swarm`),
    /\.\.\/state\.json/,
  ],
  [
    "a symlink",
    (folder) => repack(folder, `ln -s /etc/passwd swarm/link; ${TAR} swarm`),
    /swarm\/link/,
  ],
  [
    "an unlock key that nobody has",
    (folder) =>
      changeManifest(folder, (manifest) => ({
        ...{ ...manifest, autolock: true },
        unlockKey: { hash: "0".repeat(64), file: "other-000000000000.key" },
      })),
    /got no unlock key with hash 000000000000 in /,
  ],
];

/** A bad copy of a good backup, in a place of its own. Its path. */
export async function variant(
  good: string,
  change: (folder: string) => void | Promise<void>,
): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), "swarm-lab-variant-"));
  const copy = join(place, good.slice(good.lastIndexOf("/") + 1));
  mkdirSync(copy);
  cpSync(good, copy, { recursive: true });
  await change(copy);
  return copy;
}
