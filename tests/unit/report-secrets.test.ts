import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { withoutSecrets } from "../../components/report/secrets.ts";

const JOIN = `SWMTKN-1-${"a1".repeat(25)}-${"z9".repeat(12)}z`;
const UNLOCK = `SWMKEY-1-${"+/aZ".repeat(10)}abc`;
const { privateKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const AGE = `AGE-SECRET-KEY-1${"QPZRY9X8".repeat(7)}AB`;

test.each([
  ["a join token", JOIN, "[join token left out]"],
  ["an unlock key", UNLOCK, "[unlock key left out]"],
  ["a private key", privateKey.trim(), "[private key left out]"],
  ["a private key that was cut off", privateKey.slice(0, 90), "[private key left out]"],
  ["an age identity", AGE, "[age identity left out]"],
])("%s is taken out of a text, and counted", (_, secret, instead) => {
  expect(withoutSecrets(`before ${secret}`)).toEqual({ text: `before ${instead}`, found: 1 });
});

test.each([JOIN, UNLOCK, privateKey, AGE])("JSON that holds one is JSON without it", (secret) => {
  const value = { command: `echo "${secret}"`, plain: secret, after: 'it said "no"' };
  const { text, found } = withoutSecrets(JSON.stringify(value));
  expect(found).toBe(2);
  expect(JSON.parse(text).after).toBe(value.after);
  expect(JSON.parse(text).command).toMatch(/^echo "\[[a-z ]+ left out\]/);
});

test("a text without secrets stays as it is", () => {
  const text = 'docker swarm join --token SWMTKN-1-... "m1:2377"\n-----BEGIN CERTIFICATE-----';
  expect(withoutSecrets(text)).toEqual({ text, found: 0 });
});
