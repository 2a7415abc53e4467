import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { describe, expect, test } from "vitest";
import { MANIFEST } from "../../components/backup/manifest.ts";
import { describeProblem } from "../../components/errors.ts";
import type { Decryption } from "../../scripts/backup/crypt.ts";
import { SUMS } from "../../scripts/backup/place.ts";
import { verifyBackup } from "../../scripts/backup/verify.ts";
import { craftedArchive, makeBackup, NAME, scratchPlace, swarmArchive } from "./backup-support.ts";

const scratch = scratchPlace();
const fileOf = (name: string) => join(scratch.place.where, NAME, name);
const archive = (args?: readonly string[]) => swarmArchive(join(scratch.folder, "m2"), args);

async function problemsOf(decryption?: Decryption): Promise<string> {
  const { problems } = await verifyBackup(scratch.place, NAME, { decryption });
  return problems.map(describeProblem).join("\n");
}

/** Numbers below `limit` that are the same in each run. */
function sample(count: number, limit: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  });
}

describe("verifying a backup", () => {
  test("finds nothing wrong with a whole one, and says what it takes unpacked", async () => {
    const manifest = await makeBackup(scratch.place, archive());
    const verified = await verifyBackup(scratch.place, NAME);
    expect(verified).toMatchObject({ name: NAME, manifest, problems: [], looked: true });
    expect(verified.unpackedBytes).toBeGreaterThan(8 * 1024 * 1024);
    expect(verified.unpackedBytes).toBeLessThan(9 * 1024 * 1024);
    execFileSync("sha256sum", ["--check", "--strict", "--quiet", SUMS], {
      cwd: join(scratch.place.where, NAME),
    });
  });

  test("lists a sparse file with more holes than a header has room for", async () => {
    const file = join(scratch.folder, "m2", "swarm", "raft", "wal-v3-encrypted", "1-1.wal");
    mkdirSync(join(file, ".."), { recursive: true });
    execFileSync("truncate", ["--size=9M", file]);
    for (const at of [1, 2, 3, 4, 5, 6, 7])
      execFileSync("dd", [`of=${file}`, "bs=1M", `seek=${at}`, "conv=notrunc", "status=none"], {
        input: "data".repeat(1500),
      });
    await makeBackup(scratch.place, archive());
    expect(await problemsOf()).toBe("");
  });

  test("refuses the old sparse format, which not all readers follow", async () => {
    await makeBackup(scratch.place, archive(["--format=gnu"]));
    expect(await problemsOf()).toContain("`tar --format=posix`");
  });

  test.each([0, 1, 100, 0.5, 0.999])("finds an archive that was cut off at %d", async (at) => {
    const whole = archive();
    await makeBackup(scratch.place, whole);
    const end = at < 1 ? Math.floor(whole.length * at) : at;
    writeFileSync(fileOf("swarm.tgz"), whole.subarray(0, end));
    const problems = await problemsOf();
    expect(problems).toContain(`got ${end} bytes, need ${whole.length}`);
    expect(problems).toContain("got sha256");
    expect(problems).toContain("need an archive that can be read to its end");
  });

  test("finds a tar that was cut off before it was packed", async () => {
    const whole = gunzipSync(archive());
    const end = whole.indexOf("swarm/worker/tasks.db") + 1536;
    await makeBackup(scratch.place, gzipSync(whole.subarray(0, end)));
    expect(await problemsOf()).toContain("the end mark of tar is missing");
  });

  test("finds one flipped bit, wherever it is", async () => {
    const whole = archive();
    await makeBackup(scratch.place, whole);
    const bits = [0, whole.length * 8 - 1, ...sample(60, whole.length * 8, 4)];
    for (const bit of bits) {
      const broken = Buffer.from(whole);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(fileOf("swarm.tgz"), broken);
      expect(await problemsOf(), `bit ${bit}`).toContain("got sha256");
    }
  });

  test("finds one flipped bit in the manifest, wherever it is", async () => {
    await makeBackup(scratch.place, archive());
    const whole = readFileSync(fileOf(MANIFEST));
    for (const bit of sample(60, whole.length * 8, 7)) {
      const broken = Buffer.from(whole);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(fileOf(MANIFEST), broken);
      const said = await problemsOf().catch((error: Error) => error.message);
      expect(said, `bit ${bit}`).toContain(MANIFEST);
    }
  });

  test("says which file is missing", async () => {
    await makeBackup(scratch.place, archive(), { kind: "none" }, await craftedArchive([]));
    rmSync(fileOf("volume-db.tgz"));
    expect(await problemsOf()).toContain(`${NAME}/volume-db.tgz: got no such file`);
    rmSync(fileOf(SUMS));
    expect(await problemsOf()).toContain(`need its checksum in ${SUMS}`);
    rmSync(fileOf(MANIFEST));
    await expect(problemsOf()).rejects.toThrow(`${MANIFEST}: got no such file`);
  });

  test.each([
    [{ name: "etc/cron.d/x" }, '"etc/cron.d/x"'],
    [{ name: "/etc/passwd" }, '"/etc/passwd"'],
    [{ name: "swarm/../../x" }, '"swarm/../../x"'],
    [{ name: "swarm/x", type: "symlink", linkname: "/etc" }, 'a symlink to "/etc"'],
    [{ name: "swarm/x", type: "link", linkname: "swarm/state.json" }, "a hard link"],
    [{ name: "swarm/x", type: "fifo" }, "a fifo"],
    [{ name: "swarm/x", pax: { path: "../x" } }, '"../x"'],
    [{ name: "swarm/x", pax: { "GNU.sparse.name": "../x" } }, '"../x"'],
    [{ name: "../x", pax: { "GNU.sparse.name": "swarm/x" } }, '"../x"'],
  ])("refuses an archive with %j", async (header, got) => {
    await makeBackup(scratch.place, await craftedArchive([]));
    expect(await problemsOf()).toBe("");
    await scratch.place.remove(NAME);
    await makeBackup(scratch.place, await craftedArchive([header]));
    expect(await problemsOf()).toContain(got);
  });

  test("lets a volume hold links, and nothing outside it", async () => {
    const link = { name: "./current", type: "symlink", linkname: "/data/1" };
    await makeBackup(scratch.place, archive(), { kind: "none" }, await craftedArchive([link]));
    expect(await problemsOf()).toBe("");
    await scratch.place.remove(NAME);
    const out = { name: "./x", type: "link", linkname: "../../etc/shadow" };
    await makeBackup(scratch.place, archive(), { kind: "none" }, await craftedArchive([out]));
    expect(await problemsOf()).toContain("need paths inside the volume");
  });
});

describe("verifying an encrypted backup", async () => {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const looked = async (decryption?: Decryption) =>
    (await verifyBackup(scratch.place, NAME, { decryption })).looked;

  test("looks into it with the identity, and without it knows the checksum only", async () => {
    await makeBackup(scratch.place, archive(), { kind: "age", recipient });
    expect(await problemsOf({ identity })).toBe("");
    expect(await looked({ identity })).toBe(true);
    expect(await problemsOf()).toBe("");
    expect(await looked()).toBe(false);
    expect(await problemsOf({ identity: await generateIdentity() })).toBe(
      `${NAME}/swarm.tgz.age: got an age identity that does not open it, need the one it was made for; each backup needs that of its time`,
    );
    const file = fileOf("swarm.tgz.age");
    const broken = readFileSync(file);
    broken[broken.length - 20] = (broken[broken.length - 20] ?? 0) ^ 1;
    writeFileSync(file, broken);
    expect(await problemsOf()).toContain("got sha256");
    expect(await problemsOf({ identity })).toContain("cut off or altered (invalid tag)");
  });

  test("does not ask for a passphrase where an identity is needed", async () => {
    await makeBackup(scratch.place, archive(), { kind: "age", recipient });
    expect(await looked({ passphrase: "correct horse battery" })).toBe(false);
  });
});
