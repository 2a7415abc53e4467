import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Manifest } from "../../components/backup/manifest.ts";
import { capture } from "../../components/process.ts";
import type { BackupPlace } from "../backup/place.ts";

/** Where a file's content ends: its Raft log is 64 MB of which the beginning is written. */
async function writtenBytes(file: string): Promise<number> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const block = Buffer.alloc(1 << 20);
    let end = 0;
    for (let at = 0; at < size; at += block.length) {
      const { bytesRead } = await handle.read(block, 0, block.length, at);
      for (let index = bytesRead - 1; index >= 0; index--) {
        if (block[index] === 0) continue;
        end = at + index + 1;
        break;
      }
    }
    return end;
  } finally {
    await handle.close();
  }
}

/** Turns one bit in the middle of what is written in a file. Returns where. */
async function flipBit(file: string): Promise<number> {
  const at = Math.floor((await writtenBytes(file)) / 2);
  const handle = await open(file, "r+");
  try {
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ 0x10;
    await handle.write(byte, 0, 1, at);
    return at;
  } finally {
    await handle.close();
  }
}

async function tar(args: readonly string[]): Promise<void> {
  const { code, stderr } = await capture("tar", args, { timeout: 120_000 });
  if (code !== 0) throw new Error(`tar ${args[0]}: exit code ${code}: ${stderr.trim()}`);
}

/**
 * A copy of an unencrypted backup with one bit of its Raft log turned, and checksums that fit all the same: as a backup is
 * whose disk was bad when it was made. Verifying it finds nothing. Returns its manifest, and the place of the bit.
 */
export async function damagedCopy(
  place: BackupPlace,
  name: string,
  manifest: Manifest,
): Promise<{ readonly name: string; readonly manifest: Manifest; readonly byte: number }> {
  const folder = await mkdtemp(join(tmpdir(), "swarm-lab-damage-"));
  const copy = `${name}-damaged`;
  try {
    const archive = join(folder, "swarm.tgz");
    await pipeline(
      await place.open(name, manifest.swarm.file),
      createWriteStream(archive, { mode: 0o600 }),
    );
    await tar(["-C", folder, "-xpzf", archive]);
    const logs = join(folder, "swarm", "raft", "wal-v3-encrypted");
    const log = (await readdir(logs)).filter((file) => file.endsWith(".wal")).sort()[0];
    if (log === undefined) throw new Error(`${name}: it holds no Raft log`);
    const byte = await flipBit(join(logs, log));
    await tar(["-C", folder, "-I", "gzip -1", "-cpf", archive, "swarm"]);
    const draft = await place.begin(copy);
    try {
      const written = await draft.write(manifest.swarm.file, createReadStream(archive));
      const changed = { ...manifest, swarm: { ...manifest.swarm, ...written }, parts: [] };
      await draft.writeManifest(changed);
      await draft.commit();
      return { name: copy, manifest: changed, byte };
    } catch (error) {
      await draft.discard();
      throw error;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
