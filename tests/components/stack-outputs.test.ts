import { describe, expect, test } from "vitest";
import { stackOutputs } from "../../stacks/stack-outputs.ts";
import { buildLab } from "../support/fixtures.ts";
import { record } from "../support/mocks.ts";

const outputsOf = async (changes = {}) =>
  (await record(() => stackOutputs(buildLab(changes)))).made as Record<string, unknown>;
const NAMES = ["clusterId", "drills", "keys", "lab", "reach"];

describe("the outputs of a lab's stack", () => {
  test("are these, the keys and the login among them secret", async () => {
    const { keys, registryLogin, ...others } = await outputsOf();
    expect(Object.keys(others).sort()).toEqual(NAMES.filter((name) => name !== "keys"));
    for (const output of [keys, registryLogin])
      expect(await (output as { isSecret: Promise<boolean> }).isSecret).toBe(true);
  });

  test("have none that is undefined, of which Pulumi would warn at every run", async () => {
    const outputs = await outputsOf({ registry: { enabled: false }, services: {} });
    expect(Object.keys(outputs).sort()).toEqual(NAMES);
    for (const [name, output] of Object.entries(outputs)) expect(output, name).toBeDefined();
  });
});
