import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { resultOf, type StepArgs, step } from "../../components/command.ts";
import { handleOf, plannedNodes } from "../support/fixtures.ts";
import { GENERATED, KEYS } from "../support/mock-outputs.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import { environmentOf } from "../support/recording.ts";

async function build(args: StepArgs, opts: pulumi.CustomResourceOptions = {}) {
  const { made, recording } = await record(() => step("s", args, opts));
  return { made, step: recording.one("s") };
}
const tokens = { create: "swarm/tokens.ts", inputs: {} };

describe("a step", () => {
  test("is a program of this folder, its inputs as JSON in the environment", async () => {
    const inputs = { LAB_A: { list: [1, "two"] }, LAB_B: pulumi.output(true) };
    const { step: made } = await build({ ...tokens, delete: "swarm/leave.ts", inputs });
    expect(made.inputs).toEqual({
      create: "node scripts/swarm/tokens.ts",
      delete: "node scripts/swarm/leave.ts",
      environment: { LAB_A: '{"list":[1,"two"]}', LAB_B: "true" },
      addPreviousOutputInEnv: false,
      logging: "stderr",
    });
  });

  test("undoes itself before it is done anew", async () => {
    expect((await build(tokens)).step.options.deleteBeforeReplace).toBe(true);
  });

  test("without a program to make something does nothing, and still undoes", async () => {
    const { step: made } = await build({ delete: "swarm/network-idle.ts", inputs: {} });
    expect(made.inputs).toMatchObject({
      create: ":",
      delete: "node scripts/swarm/network-idle.ts",
    });
  });

  test("without a program to undo has nothing to run when it is removed", async () => {
    expect((await build(tokens)).step.inputs).not.toHaveProperty("delete");
  });

  test("is told the managers, and not done again when there are more", async () => {
    const peers = plannedNodes(1, 0).map(handleOf);
    const { step: made } = await build({ ...tokens, peers });
    expect(environmentOf(made)).toEqual({ LAB_PEERS: peers });
    expect(made.options.ignoreChanges).toEqual(["environment.LAB_PEERS"]);
    expect((await build(tokens)).step.options.ignoreChanges).toEqual([]);
  });

  test("stays as it is on record while nobody can do it, whatever it would be told", async () => {
    const { step: made } = await build({ ...tokens, stays: true });
    expect(made.options.ignoreChanges).toEqual(["environment"]);
  });

  test("keeps the options that it is given, lists among them", async () => {
    const { step: made } = await build(
      { ...tokens, peers: [] },
      { ignoreChanges: ["environment.LAB_A"], customTimeouts: { create: "5m" } },
    );
    const { ignoreChanges, customTimeouts } = made.options;
    expect(ignoreChanges).toEqual(["environment.LAB_A", "environment.LAB_PEERS"]);
    expect(customTimeouts.create).toBe("5m");
  });
});

describe("the secrets of a step", () => {
  test("go into the environment, encrypted and as they are", async () => {
    const { step: made } = await build({ ...tokens, secrets: { LAB_PASSWORD: 'a "quoted" word' } });
    expect(made.inputs.environment).toEqual({ LAB_PASSWORD: 'a "quoted" word' });
    expect(clearText(made.wire)).not.toContain("quoted");
  });

  test("hide an input that is made of one as a whole", async () => {
    const { step: made } = await build({
      ...tokens,
      inputs: { LAB_A: { user: "lab", key: pulumi.secret("hush") } },
    });
    expect(environmentOf(made)).toEqual({ LAB_A: { user: "lab", key: "hush" } });
    expect(clearText(made.wire)).not.toContain("hush");
  });

  test("do not appear when the output is secret: neither printed nor in clear", async () => {
    const { made, step: secret } = await build({ ...tokens, secretOutput: true });
    expect(secret.inputs.logging).toBe("none");
    expect(secret.options.additionalSecretOutputs).toEqual(["stdout", "stderr"]);
    expect(await pulumi.isSecret(resultOf(made))).toBe(true);
    expect(await promiseOf(resultOf(made))).toEqual(KEYS);
  });
});

test("a step that keeps its output is told it when it is done again", async () => {
  const { step: made } = await build({ ...tokens, keepsOutput: true });
  expect(made.inputs.addPreviousOutputInEnv).toBe(true);
});

test("the result of a step is what it printed, as data", async () => {
  const inputs = { LAB_GENERATE: { length: 32, version: 1 } };
  const { made } = await build({ create: "generate-secret.ts", inputs });
  expect(await promiseOf(resultOf(made))).toEqual({ value: GENERATED });
});

test("the mocks do not know a program that nobody described", async () => {
  await expect(build({ create: "swarm/none.ts", inputs: {} })).rejects.toThrow(
    "mocks: the command node scripts/swarm/none.ts is not known",
  );
});
