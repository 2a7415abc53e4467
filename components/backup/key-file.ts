import { createPrivateKey } from "node:crypto";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { UserError } from "../errors.ts";

/**
 * The key file of a manager (`certificates/swarm-node.key`) is one PEM block: the node's private key, and in its headers the
 * key that the Raft log is encrypted with (swarmkit: manager/deks.go, ca/keyreadwriter.go). With autolock both are sealed
 * with the unlock key. `docker swarm unlock` needs a quorum to open them, which a restored manager never gets, and
 * `init --force-new-cluster` does not take the key (moby#36852): so they are opened here, before the engine starts.
 */
interface PemBlock {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

const PREFIX = "SWMKEY-1-";
const DEK_HEADERS = ["raft-dek", "raft-dek-pending"];
/** swarmkit's api/types.proto, MaybeEncryptedRecord.Algorithm. */
const NONE = 0;
const SECRETBOX = 1;

const bad = (got: string, need: string, fix?: string) =>
  new UserError(`key file: got ${got}, need ${need}${fix ? `; ${fix}` : ""}`);

function parsePem(text: string): PemBlock {
  const match = /-----BEGIN ([A-Z ]+)-----\n([\s\S]*?)-----END \1-----/.exec(text);
  if (match === null) throw bad("no PEM block", "the private key of a manager");
  const [, type = "", inside = ""] = match;
  const lines = inside.split("\n").filter((line) => line.trim() !== "");
  const headers = lines.flatMap((line) => {
    const [, key, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, value ?? ""] as const];
  });
  const base64 = lines.filter((line) => !line.includes(":")).join("");
  return { type, headers: new Map(headers), body: Buffer.from(base64, "base64") };
}

/** The raw key behind `SWMKEY-1-...`: base64 without padding. */
export function unlockKeyBytes(unlockKey: string): Buffer {
  const text = unlockKey.trim();
  if (!text.startsWith(PREFIX))
    throw bad("something else", `an unlock key, which begins with ${PREFIX}`);
  return Buffer.from(text.slice(PREFIX.length), "base64");
}

interface EncryptedRecord {
  readonly algorithm: number;
  readonly data: Buffer;
  readonly nonce: Buffer;
}

/** Reads the three fields of a MaybeEncryptedRecord: 1 a varint, 2 and 3 bytes. All its lengths fit one byte or two. */
function parseRecord(bytes: Buffer): EncryptedRecord {
  const record = { algorithm: NONE, data: Buffer.alloc(0), nonce: Buffer.alloc(0) };
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 21) throw bad("a damaged raft-dek", "an encrypted record");
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === 0x08) record.algorithm = varint();
    else if (tag === 0x12 || tag === 0x1a) {
      const length = varint();
      const value = bytes.subarray(at, at + length);
      if (value.length !== length) throw bad("a damaged raft-dek", "an encrypted record");
      record[tag === 0x12 ? "data" : "nonce"] = Buffer.from(value);
      at += length;
    } else throw bad("a damaged raft-dek", "an encrypted record");
  }
  return record;
}

function openRecord(header: string, key: Buffer): string {
  const { algorithm, data, nonce } = parseRecord(Buffer.from(header, "base64"));
  if (algorithm === NONE) return header;
  if (algorithm !== SECRETBOX) throw bad(`encryption ${algorithm} (FIPS)`, "NaCl secretbox");
  const clear = Buffer.from(xsalsa20poly1305(key, nonce).decrypt(data));
  return Buffer.concat([Buffer.from([0x12, clear.length]), clear]).toString("base64");
}

const wrap = (base64: string) => base64.replace(/(.{64})(?=.)/g, "$1\n");

/** Whether a key file is sealed with an unlock key. */
export const isSealed = (pem: string): boolean => parsePem(pem).type === "ENCRYPTED PRIVATE KEY";

/**
 * The same key file in clear. `kek-version` becomes 0: with another the engine says that it knows a different key of the
 * same version. One that is not sealed is returned as it is. Throws a UserError when the unlock key does not fit.
 */
export function openKeyFile(pem: string, unlockKey: string): string {
  const { type, headers, body } = parsePem(pem);
  if (type !== "ENCRYPTED PRIVATE KEY") return pem;
  const key = unlockKeyBytes(unlockKey);
  try {
    const opened = createPrivateKey({ key: body, format: "der", type: "pkcs8", passphrase: key });
    const der = opened.export({ format: "der", type: "sec1" });
    const lines = [...headers].map(([name, value]) => {
      if (name === "kek-version") return "kek-version: 0";
      return `${name}: ${DEK_HEADERS.includes(name) ? openRecord(value, key) : value}`;
    });
    const inside = `${lines.join("\n")}\n\n${wrap(der.toString("base64"))}`;
    return `-----BEGIN EC PRIVATE KEY-----\n${inside}\n-----END EC PRIVATE KEY-----\n`;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw bad(
      "an unlock key that does not open it",
      "the one of the time of the backup",
      "the manifest has its hash",
    );
  }
}
