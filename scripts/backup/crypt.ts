import { Readable } from "node:stream";
import { Decrypter, Encrypter } from "age-encryption";
import { UserError } from "../../components/errors.ts";

/**
 * How archives are encrypted: with age (age-encryption.org), so that `age --decrypt` opens them without this program. The
 * recipient is a public key, `age1...`: a machine that makes backups then holds nothing that opens them.
 */
export type Encryption =
  | { readonly kind: "none" }
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | { readonly kind: "age"; readonly recipient: string };

/** What opens encrypted archives: a passphrase, an identity (`AGE-SECRET-KEY-1...`), both or neither. */
export interface Decryption {
  readonly passphrase?: string;
  readonly identity?: string;
}

const SHORTEST = 12;

/** Prepares age for an encryption; a UserError when its passphrase or recipient is of no use. Never shows either. */
function encrypter(encryption: Exclude<Encryption, { kind: "none" }>): Encrypter {
  const age = new Encrypter();
  if (encryption.kind === "passphrase") {
    const { length } = encryption.passphrase;
    if (length < SHORTEST) {
      const why = "whoever has the archive can try passphrases for as long as they like";
      throw new UserError(
        `passphrase: got ${length} characters, need ${SHORTEST} or more: ${why}; take a longer one`,
      );
    }
    age.setPassphrase(encryption.passphrase);
    return age;
  }
  try {
    age.addRecipient(encryption.recipient);
  } catch {
    const secret = /^AGE-SECRET-KEY/i.test(encryption.recipient);
    const got = secret ? "a secret key" : "a text that is none";
    throw new UserError(
      `age recipient: got ${got}, need a public key, age1...; \`age-keygen -y FILE\` prints it`,
    );
  }
  return age;
}

/** Refuses a passphrase that is too short and a recipient that is none, before anything is stopped for a backup. */
export function checkEncryption(encryption: Encryption): void {
  if (encryption.kind !== "none") encrypter(encryption);
}

/** A readable stream of what `open` makes of `source`. Ends of both are tied: who stops reading it destroys the source. */
function through(
  source: Readable,
  open: (bytes: ReadableStream<Uint8Array>) => Promise<ReadableStream<Uint8Array>>,
  explain: (error: unknown) => unknown,
): Readable {
  let sourceError: unknown;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      sourceError = error;
      throw error;
    }
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of await open(ReadableStream.from(bytes()))) yield chunk;
    } catch (error) {
      throw sourceError ?? explain(error);
    }
  }
  const result = Readable.from(chunks(), { objectMode: false });
  result.once("close", () => source.destroy());
  return result;
}

/** Encrypts a stream as it goes by; `none` passes it on as it is. Throws a UserError as `checkEncryption` does. */
export function encrypt(source: Readable, encryption: Encryption): Readable {
  if (encryption.kind === "none") return source;
  const age = encrypter(encryption);
  return through(
    source,
    (bytes) => age.encrypt(bytes),
    (error) => error,
  );
}

/** Whether there is something at hand to open an archive with. That it fits is seen only when it is opened. */
export function canDecrypt(decryption: Decryption, kind: Encryption["kind"]): boolean {
  if (kind === "none") return true;
  return Boolean(kind === "passphrase" ? decryption.passphrase : decryption.identity);
}

/**
 * Decrypts a stream as it goes by; `kind` is what the manifest says of it and `where` names it in messages. What comes out
 * before the end is authentic, but only the end tells that nothing is missing. Throws a UserError when the secret is not
 * there, and the stream fails with one when the secret does not fit or the archive was cut off or altered.
 */
export function decrypt(
  source: Readable,
  decryption: Decryption,
  kind: Encryption["kind"],
  where = "archive",
): Readable {
  if (kind === "none") return source;
  const secret = kind === "passphrase" ? "passphrase" : "identity";
  if (!canDecrypt(decryption, kind)) {
    const need = `the ${secret} it was made for; without it nobody can open it`;
    throw new UserError(`${where}: got an encrypted archive and no ${secret}, need ${need}`);
  }
  const age = new Decrypter();
  if (kind === "passphrase") age.addPassphrase(decryption.passphrase ?? "");
  else addIdentity(age, decryption.identity ?? "");
  return through(
    source,
    (bytes) => age.decrypt(bytes),
    (error) => explained(error, where, secret),
  );
}

function addIdentity(age: Decrypter, identity: string): void {
  try {
    age.addIdentity(identity);
  } catch {
    const need = "a secret key, AGE-SECRET-KEY-1...: one line of what `age-keygen` made";
    throw new UserError(`age identity: got a text that is none, need ${need}`);
  }
}

const ONE = { passphrase: "a passphrase", identity: "an age identity" };

function explained(error: unknown, where: string, secret: keyof typeof ONE): UserError {
  const text = error instanceof Error ? error.message : String(error);
  if (/no identity matched/.test(text)) {
    const need = "the one it was made for; each backup needs that of its time";
    return new UserError(`${where}: got ${ONE[secret]} that does not open it, need ${need}`);
  }
  const got = `an encrypted archive that was cut off or altered (${text})`;
  return new UserError(`${where}: got ${got}, need it as it was written; use another backup`);
}
