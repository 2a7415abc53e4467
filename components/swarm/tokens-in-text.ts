/** A join token or an unlock key that stands in a text. The value itself is left out on purpose. */
export interface TokenFound {
  /** The first line is 1. */
  readonly line: number;
  readonly kind: "join token" | "unlock key";
}

/**
 * How Swarm writes them (swarmkit, ca/config.go and manager/encryption): `SWMTKN-<version>-<digest of the root CA>-<secret>`,
 * 50 and 25 digits to the base 36, and `SWMKEY-1-<32 bytes>`, 43 of base 64. A FIPS cluster puts its own number in between.
 * Shorter ones are caught as well, as somebody may have cut one; `SWMTKN-1-...` of a manual is none.
 */
const TOKENS =
  /(?<join>SWMTKN-1-(?:1-)?[0-9a-z]{40,60}-[0-9a-z]{20,30})|(?<unlock>SWMKEY-1-[A-Za-z0-9+/]{40,60})/g;

/** Every one in a text, in its order. */
export function tokensIn(text: string): TokenFound[] {
  return [...text.matchAll(TOKENS)].map(({ index, groups }) => ({
    line: text.slice(0, index).split("\n").length,
    kind: groups?.join === undefined ? "unlock key" : "join token",
  }));
}

/** The text with something else in the place of each of them. */
export const withoutTokens = (
  text: string,
  instead: (kind: TokenFound["kind"]) => string,
): string =>
  text.replace(TOKENS, (token) =>
    instead(token.startsWith("SWMTKN") ? "join token" : "unlock key"),
  );
