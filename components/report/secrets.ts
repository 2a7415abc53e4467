import { withoutTokens } from "../swarm/tokens-in-text.ts";

/** A private key in PEM, also where its lines are escaped as in JSON, or where its end was cut off. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=\\*")|$)/g;
/** An age identity, which opens encrypted backups. */
const AGE_IDENTITY = /AGE-SECRET-KEY-1[0-9A-Z]{20,}/g;

export interface Cleaned {
  readonly text: string;
  /** How many secrets were taken out. */
  readonly found: number;
}

/**
 * A text without the secrets of a swarm that have a shape of their own: join tokens, unlock keys, private keys, age
 * identities. Drills keep none of them (their evidence has SHA-256 of values); a report is shown around, so that it is made
 * sure of here, once for everything that is read.
 */
export function withoutSecrets(text: string): Cleaned {
  let found = 0;
  const left = (what: string) => () => {
    found += 1;
    return `[${what} left out]`;
  };
  const keys = text
    .replace(PRIVATE_KEY, left("private key"))
    .replace(AGE_IDENTITY, left("age identity"));
  const cleaned = withoutTokens(keys, (kind) => left(kind)());
  return { text: cleaned, found };
}
