/** Backups in a bucket, against a program that does to folders what the AWS CLI does to buckets. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../components/errors.ts";
import { BucketPlace } from "../../scripts/backup/bucket-place.ts";
import { locate } from "../../scripts/backup/locate.ts";
import { SUMS } from "../../scripts/backup/place.ts";
import { placeAt } from "../../scripts/backup/place-at.ts";
import { verifyBackup } from "../../scripts/backup/verify.ts";
import { StubProgram } from "../support/stub-program.ts";
import { StubS3 } from "../support/stub-s3.ts";
import { makeBackup, manifestOf, NAME, sha256, swarmArchive } from "./backup-support.ts";

const LATER = "2026-11-22T10-03-22Z-m2";
const URL = "s3://my-backups/labs/dev";
const bytes = (content: string) => Readable.from([Buffer.from(content)]);

let folder = "";
let s3: StubS3;
let place: BucketPlace;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-lab-bucket-"));
  s3 = new StubS3();
  place = new BucketPlace(URL, join(folder, "spool"));
});
afterEach(() => {
  s3[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});
const inBucket = (...path: readonly string[]) => join(s3.root, "my-backups/labs/dev", ...path);
const spooled = () => (existsSync(join(folder, "spool")) ? readdirSync(join(folder, "spool")) : []);

describe("a bucket of backups", () => {
  test("shows a backup when it is complete, and nothing of it before", async () => {
    expect(await place.list()).toEqual([]);
    const draft = await place.begin(NAME);
    const written = await draft.write("swarm.tgz", bytes("archive"));
    expect(written).toEqual({ sha256: sha256("archive"), bytes: 7 });
    expect(existsSync(inBucket())).toBe(false);
    await expect(draft.commit()).rejects.toThrow("no manifest");
    await draft.writeManifest(manifestOf({ file: "swarm.tgz", encryption: "none", ...written }));
    expect(await draft.commit()).toBe(`${URL}/${NAME}`);
    await draft.discard();
    expect(await place.list()).toEqual([NAME]);
    expect(await place.exists(NAME)).toBe(true);
    expect(readdirSync(inBucket(NAME)).sort()).toEqual([SUMS, "manifest.json", "swarm.tgz"]);
    expect(await text(await place.open(NAME, "swarm.tgz"))).toBe("archive");
  });

  test("gets the checksums last, and leaves nothing on this machine", async () => {
    await makeBackup(place, Buffer.from("x"));
    const puts = s3.calls.filter((call) => call.startsWith("s3\ncp\n/"));
    expect(puts.map((call) => call.split("\n")[3]?.split("/").at(-1)).at(-1)).toBe(SUMS);
    expect(puts).toHaveLength(3);
    expect(spooled()).toEqual([]);
  });

  test("has what was backed up, whole", async () => {
    await makeBackup(place, swarmArchive(folder));
    expect((await verifyBackup(place, NAME)).problems).toEqual([]);
    writeFileSync(inBucket(NAME, "swarm.tgz"), "another");
    expect((await verifyBackup(place, NAME)).problems).not.toEqual([]);
  });

  test("lists by time, and neither half backups nor what is no backup nor another lab's", async () => {
    for (const name of [LATER, NAME])
      await makeBackup(place, Buffer.from("x"), undefined, undefined, name);
    for (const other of [
      "2026-11-23T10-03-22Z-m2/swarm.tgz",
      "notes/x",
      "../dev2/2026-11-24T10-03-22Z-m2/SHA256SUMS",
    ]) {
      mkdirSync(join(inBucket(other), ".."), { recursive: true });
      writeFileSync(inBucket(other), "x");
    }
    expect(await place.list()).toEqual([NAME, LATER]);
    await place.remove(NAME);
    expect(await place.list()).toEqual([LATER]);
    expect(existsSync(inBucket(NAME))).toBe(false);
    const removals = s3.calls.filter((call) => call.startsWith("s3\nrm\n"));
    expect(removals[0]?.split("\n")[2]).toBe(`${URL}/${NAME}/${SUMS}`);
  });

  test("never overwrites a backup, and opens nothing that is not there", async () => {
    await makeBackup(place, Buffer.from("x"));
    await expect(place.begin(NAME)).rejects.toThrow(`backup: got ${URL}/${NAME}, which is there`);
    await expect(place.open(NAME, "../x")).rejects.toThrow("no plain file name");
    await expect(place.begin("../x")).rejects.toThrow("no backup's name");
    await expect(place.open(NAME, "none.tgz")).rejects.toThrow(UserError);
  });

  test("is cleared of uploads that never ended once they are a day old, and of no others", async () => {
    const old = Date.now() / 1000 - 25 * 3600;
    for (const name of [NAME, LATER]) {
      mkdirSync(inBucket(name), { recursive: true });
      writeFileSync(inBucket(name, "swarm.tgz"), "half");
    }
    utimesSync(inBucket(NAME, "swarm.tgz"), old, old);
    await (await place.begin("2026-11-25T10-03-22Z-m2")).discard();
    expect([NAME, LATER].map((name) => existsSync(inBucket(name)))).toEqual([false, true]);
  });

  test("keeps a backup on this machine that it could not take, and says where", async () => {
    const closed = new BucketPlace("s3://refused", join(folder, "spool"));
    const made = makeBackup(closed, Buffer.from("x"));
    await expect(made).rejects.toThrow(
      `backup: s3://refused/${NAME} is not whole: the bucket of the backups: the credentials for AWS: got an identity that may not`,
    );
    await expect(made).rejects.toThrow(`it is whole in ${join(folder, "spool", NAME)}`);
    const found = await locate(join(folder, "spool", NAME), place);
    expect((await found.place.list())[0]).toBe(NAME);
    expect(statSync(join(folder, "spool", NAME)).mode & 0o777).toBe(0o700);
  });
});

test("what is read of a bucket is an error when it ends before its time", async () => {
  s3[Symbol.dispose]();
  using _ = new StubProgram(
    "aws",
    `[ "$1" = s3api ] && { echo '{}'; exit; }
printf half; echo 'fatal error: Read timeout on endpoint URL' >&2; exit 1`,
  );
  await expect(place.open(NAME, "swarm.tgz").then(text)).rejects.toThrow(
    'the bucket of the backups: aws s3 cp: got "fatal error: Read timeout on endpoint URL"',
  );
  s3 = new StubS3();
});

test("a place is a bucket by its URL, and a folder otherwise", () => {
  expect(placeAt(`${URL}/`, folder).where).toBe(URL);
  expect(placeAt(URL, folder)).toBeInstanceOf(BucketPlace);
  expect(placeAt("/var/s3", folder).where).toBe("/var/s3");
});

describe("a backup in a bucket is located", () => {
  test("by its name where the bucket is the place, and by its URL from anywhere", async () => {
    await makeBackup(place, Buffer.from("x"));
    expect(await locate(NAME, place)).toEqual({ place, name: NAME });
    const elsewhere = placeAt(join(folder, "other"), folder);
    const found = await locate(`${URL}/${NAME}/`, elsewhere);
    expect([found.place.where, found.name]).toEqual([URL, NAME]);
  });

  test("or told not to be there", async () => {
    const elsewhere = placeAt(join(folder, "other"), folder);
    await expect(locate(`${URL}/${NAME}`, elsewhere)).rejects.toThrow(
      `${URL}/${NAME}: got nothing there, need a backup`,
    );
  });
});
