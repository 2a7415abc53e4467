import { describe, expect, it } from "vitest";
import { type Given, refusal } from "./config-support.ts";

const SECRET = "correct-horse-battery";

/** Mistakes that have a secret beside them, in them, or in their place. */
const CASES: readonly (readonly [title: string, given: Given])[] = [
  ["in place of the section", { secrets: SECRET }],
  ["in place of its source", { secrets: { token: SECRET } }],
  ["in a list", { secrets: [SECRET] }],
  ["in a list as a source", { secrets: { token: [SECRET] } }],
  ["beside a second source", { secrets: { token: { value: SECRET, file: "x" } } }],
  ["under a misspelt key", { secrets: { token: { vaule: SECRET } } }],
  ["in place of the generator", { secrets: { token: { generate: SECRET } } }],
  ["nested too deep", { secrets: { token: { value: { value: SECRET } } } }],
  ["too large", { secrets: { token: { value: SECRET.repeat(30_000) } } }],
  ["under a bad name", { secrets: { Token: { value: SECRET } } }],
  ["beside another mistake", { secrets: { token: { value: SECRET } }, managers: 4 }],
  ["as a broken JSON text", { secrets: `{"token": {"value": "${SECRET}"` }],
  ["as the registry's password, too long", { registry: { password: SECRET.repeat(4) } }],
  ["as the registry itself", { registry: SECRET }],
  ["as the registry's misspelt password", { registry: { pasword: SECRET } }],
  ["as a config's content, too large", { configs: { c: { value: SECRET.repeat(60_000) } } }],
  ["as a config", { configs: { c: { value: [SECRET] } } }],
  ["in the environment", { services: { a: { image: "app", env: { "BAD-NAME": SECRET } } } }],
  ["as the environment", { services: { a: { image: "app", env: SECRET } } }],
  ["behind a placeholder", { services: { a: { image: "app", env: { A: `{{.Nope}}${SECRET}` } } } }],
  ["among the arguments", { services: { a: { image: "app", args: `--password=${SECRET}` } } }],
  ["in the command", { services: { a: { image: "app", command: [[SECRET]] } } }],
  ["in the probe", { services: { a: { image: "app", healthcheck: { test: [SECRET] } } } }],
  ["as all services, in broken JSON", { services: `{"a": {"env": {"A": "${SECRET}"}}` }],
];

describe("no message quotes a secret", () => {
  it.each(CASES)("%s", (_title, given) => {
    expect(refusal(given)).not.toContain(SECRET);
  });

  it("nor a number that is one", () => {
    expect(refusal({ secrets: { pin: { value: 271828 } } })).not.toContain("271828");
    expect(refusal({ registry: { password: 27182818 } })).not.toContain("27182818");
  });
});

describe("what Pulumi holds encrypted", () => {
  const given = { nodes: { image: "Quiet Please" }, workers: 99 };

  it("is not quoted, whatever it is", () => {
    const message = refusal(given, { secretKeys: ["nodes"] });
    expect(message).toContain("swarm-lab:nodes.image: got a text (not shown), need");
    expect(message).toContain("swarm-lab:workers: got 99, need");
  });

  it("is quoted otherwise", () => {
    expect(refusal(given)).toContain('swarm-lab:nodes.image: got "Quiet Please", need');
  });

  it("is not quoted by a rule between settings either", () => {
    const network = { subnet: "10.200.7.0/24" };
    expect(refusal({ network }, { secretKeys: ["network"] })).not.toContain("10.200.7.0");
  });

  it("still says which file of a secret is not there", () => {
    const secrets = { token: { file: "nowhere" } };
    expect(refusal({ secrets }, { secretKeys: ["secrets"] })).toContain('got "nowhere", which');
  });
});
