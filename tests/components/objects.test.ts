import { expect, test } from "vitest";
import { SwarmConfig } from "../../components/swarm/config-object.ts";
import { SwarmSecret } from "../../components/swarm/secret.ts";
import { ARGS } from "../support/component-args.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";

const labels = [
  { label: "swarm-lab.lab", value: "dev" },
  { label: "team", value: "blue" },
];
/** Characters of a swarm object's name, and those that the provider appends to the resource's. */
const LONGEST = 64;
const SUFFIX = "-0a1b2c3".length;

test("a swarm secret is encrypted and gets its name from the provider", async () => {
  const { made, recording } = await record(() => new SwarmSecret("s", ARGS.SwarmSecret()));
  expect(recording.custom).toHaveLength(1);
  const secret = recording.one("s-secret");
  expect(secret.type).toBe("docker:index/secret:Secret");
  // A name here would be in the way of a new value: the old object, in use, would have to go first.
  expect(secret.inputs).toEqual({ data: btoa("hush"), labels });
  expect(clearText(secret.wire)).not.toContain(btoa("hush"));
  expect(secret.options.deleteBeforeReplace).toBe(false);
  expect(await promiseOf(made.secretId)).toBe("s-secret-id");
  expect(await promiseOf(made.secretName)).toBe("s-secret-0a1b2c3");
});

test("a swarm config is in clear and gets its name from the provider", async () => {
  const { made, recording } = await record(() => new SwarmConfig("c", ARGS.SwarmConfig()));
  expect(recording.custom).toHaveLength(1);
  const config = recording.one("c-config");
  expect(config.type).toBe("docker:index/serviceConfig:ServiceConfig");
  expect(config.inputs).toEqual({ data: btoa("hello"), labels });
  expect(config.options.deleteBeforeReplace).toBe(false);
  expect(await promiseOf(made.configId)).toBe("c-config-id");
  expect(await promiseOf(made.configName)).toBe("c-config-0a1b2c3");
});

test("the longest name of a secret or config fits into what a swarm takes", async () => {
  const key = "k".repeat(40);
  const { recording } = await record(() => {
    new SwarmSecret(`secret-${key}`, ARGS.SwarmSecret());
    new SwarmConfig(`config-${key}`, ARGS.SwarmConfig());
  });
  for (const { name } of recording.custom) {
    expect(name.length + SUFFIX).toBeLessThanOrEqual(LONGEST);
  }
});
