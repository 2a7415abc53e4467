import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { describe, expect, test, vi } from "vitest";
import { UserError } from "../../components/errors.ts";
import {
  checkEncryption,
  type Decryption,
  decrypt,
  type Encryption,
  encrypt,
} from "../../scripts/backup/crypt.ts";

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const clear = randomBytes(300_000);
const stream = (bytes: Buffer) => Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]);
const seal = (encryption: Encryption) => buffer(encrypt(stream(clear), encryption));
const unseal = (bytes: Buffer, decryption: Decryption, kind: Encryption["kind"] = "age") =>
  buffer(decrypt(stream(bytes), decryption, kind, "swarm.tgz.age"));
const sealed = await seal({ kind: "age", recipient });

describe("encryption", () => {
  test("none passes the bytes on", async () => {
    expect(await seal({ kind: "none" })).toEqual(clear);
    expect(await unseal(clear, {}, "none")).toEqual(clear);
  });

  test("for a recipient is undone by its identity only", async () => {
    expect(sealed.includes(clear.subarray(0, 32))).toBe(false);
    expect(sealed.subarray(0, 21).toString()).toBe("age-encryption.org/v1");
    expect(await unseal(sealed, { identity })).toEqual(clear);
    const other = { identity: await generateIdentity() };
    await expect(unseal(sealed, other)).rejects.toThrow(
      "swarm.tgz.age: got an age identity that does not open it",
    );
  });

  test("with a passphrase is undone by it only", async () => {
    const bytes = await seal({ kind: "passphrase", passphrase: "correct horse battery" });
    const open = (passphrase: string) => unseal(bytes, { passphrase }, "passphrase");
    expect(await open("correct horse battery")).toEqual(clear);
    await expect(open("correct horse batterz")).rejects.toThrow("got a passphrase that does not");
  });

  test.each([0, 10, 150, 200, 65_736, 200_000, -1])("that was cut off at %d fails", async (at) => {
    const failing = unseal(sealed.subarray(0, at), { identity });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow("cut off or altered");
  });

  test("that was altered anywhere fails", async () => {
    for (let at = 0; at < sealed.length; at += at < 240 ? 7 : 20_011) {
      const broken = Buffer.from(sealed);
      broken[at] = (broken[at] ?? 0) ^ 4;
      await expect(unseal(broken, { identity }), `byte ${at}`).rejects.toThrow(UserError);
    }
  });

  test("is not opened without the secret, and the message says which", () => {
    expect(() => decrypt(stream(sealed), { passphrase: "x" }, "age")).toThrow("and no identity");
    expect(() => decrypt(stream(sealed), { identity }, "passphrase")).toThrow("and no passphrase");
    expect(() => decrypt(stream(sealed), { identity: "x" }, "age")).toThrow("AGE-SECRET-KEY-1");
  });

  test("refuses what protects nothing, and never shows a secret", () => {
    const refused = (encryption: Encryption) => {
      try {
        checkEncryption(encryption);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        return (error as Error).message;
      }
      return "";
    };
    expect(refused({ kind: "passphrase", passphrase: "s3cret" })).toMatch(/got 6 characters/);
    expect(refused({ kind: "passphrase", passphrase: "s3cret" })).not.toContain("s3cret");
    expect(refused({ kind: "age", recipient: identity })).toContain("got a secret key");
    expect(refused({ kind: "age", recipient: identity })).not.toContain(identity);
    expect(refused({ kind: "age", recipient: "age1nonsense" })).toContain("need a public key");
    expect(refused({ kind: "age", recipient })).toBe("");
  });

  test("passes an error of the source on as it is", async () => {
    const failing = (bytes: Buffer) =>
      Readable.from(
        (async function* () {
          yield bytes;
          throw new Error("the disk is gone");
        })(),
      );
    const encrypted = encrypt(failing(clear), { kind: "age", recipient });
    await expect(buffer(encrypted)).rejects.toThrow(/^the disk is gone$/);
    const decrypted = decrypt(failing(sealed.subarray(0, 100_000)), { identity }, "age");
    await expect(buffer(decrypted)).rejects.toThrow(/^the disk is gone$/);
  });

  test("streams: who stops reading stops the source", async () => {
    let given = 0;
    const source = Readable.from(
      (function* () {
        for (; given < 2000; given += 1) yield clear.subarray(0, 65_536);
      })(),
      { objectMode: false, highWaterMark: 65_536 },
    );
    const out = encrypt(source, { kind: "age", recipient });
    for await (const chunk of out) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await vi.waitFor(() => expect(source.destroyed).toBe(true));
    expect(given).toBeLessThan(50);
  });

  test("closes a source that nobody ever read", async () => {
    const source = stream(clear);
    encrypt(source, { kind: "age", recipient }).destroy();
    await vi.waitFor(() => expect(source.destroyed).toBe(true));
  });

  test("is age's own format", async () => {
    const age = new Encrypter();
    age.addRecipient(recipient);
    expect(await unseal(Buffer.from(await age.encrypt("hello")), { identity })).toEqual(
      Buffer.from("hello"),
    );
  });
});
