import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokensIn } from "../../components/swarm/tokens-in-text.ts";

const text = (from: string, length: number) =>
  fc
    .array(fc.constantFrom(...from), { minLength: length, maxLength: length })
    .map((letters) => letters.join(""));
const base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
const base64 = `${base36}ABCDEFGHIJKLMNOPQRSTUVWXYZ+/`;
const joinToken = fc
  .tuple(fc.constantFrom("SWMTKN-1", "SWMTKN-1-1"), text(base36, 50), text(base36, 25))
  .map((parts) => parts.join("-"));
const unlockKey = text(base64, 43).map((key) => `SWMKEY-1-${key}`);
const plain = fc.string({ unit: "grapheme" });

describe("tokens in a text", () => {
  test("finds every join token, wherever it stands", () => {
    fc.assert(
      fc.property(
        plain,
        joinToken,
        fc.constantFrom(" ", '"', "\n", "'", ","),
        (text, token, end) => {
          const before = text.replaceAll("SWM", "");
          expect(tokensIn(`${before}${token}${end}`)).toEqual([
            { line: before.split("\n").length, kind: "join token" },
          ]);
        },
      ),
    );
  });

  test("finds every unlock key", () => {
    fc.assert(
      fc.property(unlockKey, (key) => {
        expect(tokensIn(`a\nb\nKEY=${key}\n`)).toEqual([{ line: 3, kind: "unlock key" }]);
      }),
    );
  });

  test("finds all of them, in their order", () => {
    const join = `SWMTKN-1-${"a1".repeat(25)}-${"z9".repeat(12)}z`;
    const key = `SWMKEY-1-${"+/aZ".repeat(10)}abc`;
    expect(tokensIn(`${join} ${key}\n\n${join}`)).toEqual([
      { line: 1, kind: "join token" },
      { line: 1, kind: "unlock key" },
      { line: 3, kind: "join token" },
    ]);
  });

  test.each([
    "docker swarm join --token SWMTKN-1-... 192.0.2.1:2377",
    "SWMTKN-1-<hash>-<secret>",
    "SWMKEY-1-xxxx",
    "a password manager, a key, a token",
  ])("lets a manual speak of them: %s", (text) => {
    expect(tokensIn(text)).toEqual([]);
  });
});
