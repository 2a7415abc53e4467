import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Manifest } from "../../components/backup/manifest.ts";
import { UserError } from "../../components/errors.ts";
import { type Encryption, encrypt } from "../../scripts/backup/crypt.ts";
import {
  backupSecrets,
  encryptionOf,
  listBackups,
  placesOf,
  retain,
} from "../../scripts/backup/operations.ts";
import { UnlockKeys } from "../../scripts/backup/unlock-keys.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { manifestOf, scratchPlace, swarmArchive } from "./backup-support.ts";

const scratch = scratchPlace();
afterEach(() => vi.unstubAllEnvs());

const nameOf = (day: number) => `2026-11-${day}T10-00-00Z-m2`;
const days = async () => (await scratch.place.list()).map((name) => Number(name.slice(8, 10)));
const keysHere = () => new UnlockKeys(join(scratch.folder, "keys"));

interface Change extends Partial<Pick<Manifest, "mode" | "autolock" | "unlockKey">> {
  readonly encryption?: Encryption;
}

/** A complete backup of a day. */
async function backupOf(day: number, { encryption = { kind: "none" }, ...change }: Change = {}) {
  const draft = await scratch.place.begin(nameOf(day));
  const archive = swarmArchive(join(scratch.folder, `of-${day}`));
  const file = encryption.kind === "none" ? "swarm.tgz" : "swarm.tgz.age";
  const written = await draft.write(file, encrypt(Readable.from([archive]), encryption));
  const swarm = { file, encryption: encryption.kind, ...written };
  await draft.writeManifest({
    ...manifestOf(swarm),
    time: `2026-11-${day}T10:00:00Z`,
    ...change,
  });
  await draft.commit();
}

const spoil = (day: number, file: string) =>
  writeFileSync(join(scratch.place.where, nameOf(day), file), "spoilt");

async function keyed(letter: string) {
  const { hash, file } = await keysHere().keep(`SWMKEY-1-${letter.repeat(43)}`, "cluster1");
  return { autolock: true, unlockKey: { hash, file } };
}

describe("the secrets of archives", () => {
  test("come from the environment, each when it is there", () => {
    expect(backupSecrets({})).toEqual({});
    expect(backupSecrets({ LAB_BACKUP_PASSPHRASE: "open" })).toEqual({ passphrase: "open" });
    expect(backupSecrets({ LAB_BACKUP_IDENTITY: "AGE-SECRET-KEY-1" })).toEqual({
      identity: "AGE-SECRET-KEY-1",
    });
  });

  test.each(["LAB_BACKUP_PASSPHRASE", "LAB_BACKUP_IDENTITY"])(
    "are never empty: %s meant to seal a backup would leave it open",
    (name) => {
      expect(() => backupSecrets({ [name]: "" })).toThrow(
        new UserError(`${name}: got an empty text, need the secret; unset it to go without one`),
      );
    },
  );
});

describe("a backup is encrypted", () => {
  test.each<[string, string | undefined, { passphrase?: string; identity?: string }, Encryption]>([
    ["not at all without a secret", undefined, {}, { kind: "none" }],
    [
      "with the passphrase",
      undefined,
      { passphrase: "p" },
      { kind: "passphrase", passphrase: "p" },
    ],
    ["for the recipient", "age1r", {}, { kind: "age", recipient: "age1r" }],
    ["for the recipient first", "age1r", { passphrase: "p" }, { kind: "age", recipient: "age1r" }],
    ["not because one can open others", undefined, { identity: "i" }, { kind: "none" }],
  ])("%s", (_, recipient, secrets, expected) => {
    expect(encryptionOf(recipient, secrets)).toEqual(expected);
  });
});

test("the places of a lab are its own", () => {
  const backups = { directory: "/b/dev", keys: "/k/dev" };
  const places = placesOf({ lab: "dev", backups } as LabDescription);
  expect([places.place.where, places.keys.where]).toEqual(["/b/dev", "/k/dev"]);
  for (const file of [places.backupJournal, places.restoreJournal, places.lock])
    expect(file).toMatch(/\/\.lab\/dev\/[a-z-]+\.(json|lock)$/);
});

test("the list has every backup, and of one whose manifest is spoilt the reason", async () => {
  await backupOf(11);
  await backupOf(12);
  spoil(12, "manifest.json");
  const [first, second] = await listBackups(scratch.place);
  expect(first?.manifest?.time).toBe("2026-11-11T10:00:00Z");
  expect(second).toMatchObject({ name: nameOf(12) });
  expect(second?.problem).toMatch(/^2026-11-12T10-00-00Z-m2: got no JSON \(/);
});

describe("retention", () => {
  const keep = (count: number) => retain(scratch.place, keysHere(), count);

  test("keeps the newest good ones and says what went", async () => {
    for (const day of [11, 12, 13]) await backupOf(day);
    expect(await keep(2)).toEqual([nameOf(11)]);
    expect(await days()).toEqual([12, 13]);
    expect(await keep(2)).toEqual([]);
  });

  test("does not count one that is broken, and never drops the last good one", async () => {
    for (const day of [11, 12, 13]) await backupOf(day);
    spoil(13, "swarm.tgz");
    expect(await keep(1)).toEqual([nameOf(11)]);
    expect(await days()).toEqual([12, 13]);
    spoil(12, "swarm.tgz");
    expect(await keep(1)).toEqual([]);
  });

  test("does not count one without a manifest, and lets it go when a good one is newer", async () => {
    for (const day of [11, 12, 13]) await backupOf(day);
    spoil(12, "manifest.json");
    expect(await keep(2)).toEqual([nameOf(12)]);
    expect(await days()).toEqual([11, 13]);
  });

  test("does not count one that is hot", async () => {
    await backupOf(11);
    await backupOf(12, { mode: "hot" });
    expect(await keep(1)).toEqual([]);
    await backupOf(13);
    expect(await keep(1)).toEqual([nameOf(11), nameOf(12)]);
  });

  test("lets a key go with the last archive that needs it, and no other key", async () => {
    const [old, still, present] = [await keyed("a"), await keyed("b"), await keyed("c")];
    await backupOf(11, old);
    await backupOf(12, still);
    await backupOf(13, still);
    expect(await keep(1)).toEqual([nameOf(11), nameOf(12)]);
    const left = (await keysHere().list()).map(({ hash }) => hash).sort();
    expect(left).toEqual([still.unlockKey.hash, present.unlockKey.hash].sort());
  });

  test("counts archives that another secret opens as what they are: good", async () => {
    const [old, present] = [await generateIdentity(), await generateIdentity()];
    const sealedFor = async (identity: string) =>
      ({ kind: "age", recipient: await identityToRecipient(identity) }) as const;
    await backupOf(11, { encryption: await sealedFor(old) });
    await backupOf(12, { encryption: await sealedFor(present) });
    vi.stubEnv("LAB_BACKUP_IDENTITY", present);
    expect(await keep(1)).toEqual([nameOf(11)]);
    await backupOf(13, { encryption: await sealedFor(old) });
    expect(await keep(1)).toEqual([nameOf(12)]);
  });

  test("sees a sealed archive that was altered", async () => {
    const recipient = await identityToRecipient(await generateIdentity());
    const encryption = { kind: "age", recipient } as const;
    await backupOf(11, { encryption });
    await backupOf(12, { encryption });
    spoil(12, "swarm.tgz.age");
    expect(await keep(1)).toEqual([]);
  });
});

test("hashes of keys are those of the manifests", async () => {
  const { unlockKey } = await keyed("a");
  const hash = createHash("sha256")
    .update(`SWMKEY-1-${"a".repeat(43)}`)
    .digest("hex");
  expect(unlockKey.hash).toBe(hash);
});
