import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { LabCredentials } from "../../components/nodes/lab-credentials.ts";
import { ARGS } from "../support/component-args.ts";
import { CREDENTIALS } from "../support/mock-outputs.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import { environmentOf } from "../support/recording.ts";

const build = (changes = {}) =>
  record(() => new LabCredentials("c", { ...ARGS.LabCredentials(), ...changes }));

test("the credentials are made by one step that remembers what it made", async () => {
  const { made, recording } = await build();
  expect(recording.custom).toHaveLength(1);
  const step = recording.one("c-make");
  expect(step.inputs).toMatchObject({
    create: "node scripts/credentials.ts",
    addPreviousOutputInEnv: true,
    logging: "none",
  });
  expect(step.inputs).not.toHaveProperty("delete");
  expect(environmentOf(step)).toEqual({
    LAB_CREDENTIALS: { lab: "dev", registryHost: "registry.internal", username: "lab" },
    LAB_REGISTRY_PASSWORD: "REGISTRY-PASSWORD",
  });
  expect(await promiseOf(made.value)).toEqual(CREDENTIALS);
});

test("the credentials and the password given are secret", async () => {
  const { made, recording } = await build();
  const step = recording.one("c-make");
  expect(step.options.additionalSecretOutputs).toEqual(["stdout", "stderr"]);
  expect(clearText(step.wire)).not.toContain("REGISTRY-PASSWORD");
  expect(await pulumi.isSecret(made.value)).toBe(true);
});

test("a password that is not given is not in the environment, not even empty", async () => {
  const { recording } = await build({ registryPassword: undefined });
  expect(Object.keys(environmentOf(recording.one("c-make")))).toEqual(["LAB_CREDENTIALS"]);
});
