import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isSealed, openKeyFile, unlockKeyBytes } from "../../components/backup/key-file.ts";

interface Sealed {
  readonly unlockKey: string;
  readonly sealed: string;
}

/** Made by a real engine; the second is of the same manager after `docker swarm unlock-key --rotate`. */
const { first, rotated } = JSON.parse(
  readFileSync(new URL("fixtures/sealed-key-files.json", import.meta.url), "utf8"),
) as { readonly first: Sealed; readonly rotated: Sealed };

const header = (pem: string, name: string) =>
  new RegExp(`^${name}: (.*)$`, "m").exec(pem)?.[1] ?? "";

/** The private key itself, without the headers that no library expects there. */
const keyOf = (pem: string) => {
  const body = pem
    .split("\n")
    .filter((line) => line !== "" && !line.includes("-----") && !line.includes(":"))
    .join("");
  return createPrivateKey({ key: Buffer.from(body, "base64"), format: "der", type: "sec1" });
};

describe("a key file of an engine with autolock", () => {
  test("opens with the unlock key of its time: a clear private key, a clear raft key, version 0", () => {
    for (const { sealed, unlockKey } of [first, rotated]) {
      expect(isSealed(sealed)).toBe(true);
      const clear = openKeyFile(sealed, unlockKey);
      expect(isSealed(clear)).toBe(false);
      expect(clear).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
      expect(header(clear, "kek-version")).toBe("0");
      expect(keyOf(clear).asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    }
    expect(header(rotated.sealed, "kek-version")).not.toBe("0");
  });

  test("a rotation of the unlock key changes neither the private key nor the raft key", () => {
    const [one, two] = [first, rotated].map(({ sealed, unlockKey }) =>
      openKeyFile(sealed, unlockKey),
    );
    const spki = (pem = "") =>
      createPublicKey(keyOf(pem)).export({ format: "der", type: "spki" }).toString("hex");
    expect(spki(one)).toBe(spki(two));
    expect(header(one ?? "", "raft-dek")).toBe(header(two ?? "", "raft-dek"));
    expect(header(first.sealed, "raft-dek")).not.toBe(header(rotated.sealed, "raft-dek"));
  });

  test("the raft key is a record of 32 bytes that no key is needed for", () => {
    const record = Buffer.from(
      header(openKeyFile(first.sealed, first.unlockKey), "raft-dek"),
      "base64",
    );
    expect([...record.subarray(0, 2)]).toEqual([0x12, 32]);
    expect(record.length).toBe(34);
  });

  test("opened again it stays as it is", () => {
    const clear = openKeyFile(first.sealed, first.unlockKey);
    expect(openKeyFile(clear, first.unlockKey)).toBe(clear);
    expect(openKeyFile(clear, "anything")).toBe(clear);
  });

  test("a rotation still under way is opened as well", () => {
    const dek = header(first.sealed, "raft-dek");
    const pending = first.sealed.replace("raft-dek: ", `raft-dek-pending: ${dek}\nraft-dek: `);
    const clear = openKeyFile(pending, first.unlockKey);
    expect(header(clear, "raft-dek-pending")).toBe(header(clear, "raft-dek"));
  });
});

describe("what does not fit is refused, and says nothing of the key", () => {
  const refusal = (pem: string, key: string): string => {
    try {
      openKeyFile(pem, key);
    } catch (error) {
      return (error as Error).message;
    }
    return "opened";
  };

  test("the unlock key of another time", () => {
    const said = refusal(rotated.sealed, first.unlockKey);
    expect(said).toMatch(/^key file: got an unlock key that does not open it, need the one of the/);
    expect(said).not.toContain(first.unlockKey);
    expect(refusal(first.sealed, rotated.unlockKey)).toMatch(/does not open it/);
  });

  test("a text that is no unlock key, and a file that is no key file", () => {
    expect(refusal(first.sealed, "secret")).toMatch(/need an unlock key, which begins with SWMKEY/);
    expect(refusal("", first.unlockKey)).toMatch(/got no PEM block/);
  });

  test("a raft key of which one bit is another, or whose end is missing", () => {
    const dek = header(first.sealed, "raft-dek");
    const bytes = Buffer.from(dek, "base64");
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    const flipped = first.sealed.replace(dek, bytes.toString("base64"));
    expect(refusal(flipped, first.unlockKey)).toMatch(/does not open it/);
    const cut = first.sealed.replace(dek, bytes.subarray(0, 30).toString("base64"));
    expect(refusal(cut, first.unlockKey)).toMatch(/got a damaged raft-dek/);
  });

  test("the encryption of a FIPS engine", () => {
    const dek = header(first.sealed, "raft-dek");
    const bytes = Buffer.from(dek, "base64");
    bytes[1] = 2;
    const fips = first.sealed.replace(dek, bytes.toString("base64"));
    expect(refusal(fips, first.unlockKey)).toMatch(/got encryption 2 \(FIPS\)/);
  });

  test("the key's 32 bytes", () => {
    expect(unlockKeyBytes(`${first.unlockKey}\n`).length).toBe(32);
  });
});
