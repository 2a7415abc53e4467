import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ComposeStack, type ComposeStackArgs } from "../../components/swarm/compose-stack.ts";
import { SwarmConfig } from "../../components/swarm/config-object.ts";
import { SwarmSecret } from "../../components/swarm/secret.ts";
import { createComposeStacks, objectVariables } from "../../stacks/compose.ts";
import { ARGS } from "../support/component-args.ts";
import { devConfig } from "../support/fixtures.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import { environmentOf } from "../support/recording.ts";

async function build(changes: Partial<ComposeStackArgs> = {}) {
  const { recording } = await record(
    () => new ComposeStack("c", { ...ARGS.ComposeStack(), ...changes }),
  );
  expect(recording.custom).toHaveLength(1);
  return recording.one("c-deploy");
}

describe("a compose stack", () => {
  test("is deployed by one step, which removes it when it is removed", async () => {
    const deploy = await build();
    expect(deploy.inputs).toMatchObject({
      create: "node scripts/swarm/compose.ts",
      delete: "node scripts/swarm/compose.ts --remove",
    });
    expect(environmentOf(deploy)).toEqual({
      LAB_PEERS: ARGS.ComposeStack().managers,
      LAB_COMPOSE: {
        stack: "greeter",
        content: "services: {}",
        variables: { SECRET_APP_TOKEN: "app-token-1" },
        registry: { address: "registry.internal:5000", username: "lab" },
      },
      LAB_REGISTRY_PASSWORD: "REGISTRY-PASSWORD",
    });
  });

  test("hides the registry's password", async () => {
    expect(clearText((await build()).wire)).not.toContain("REGISTRY-PASSWORD");
  });

  test("needs no registry", async () => {
    const environment = environmentOf(await build({ registry: undefined }));
    expect(environment.LAB_COMPOSE).not.toHaveProperty("registry");
    expect(environment).not.toHaveProperty("LAB_REGISTRY_PASSWORD");
  });

  test("is removed under its old name before it is deployed under a new one", async () => {
    const before = await build();
    const after = await build({ stack: "renamed" });
    expect(before.options.replacementTrigger).not.toEqual(after.options.replacementTrigger);
    const changed = await build({ content: "services: { a: {} }" });
    expect(changed.options.replacementTrigger).toEqual(before.options.replacementTrigger);
  });
});

test("compose files find the lab's secrets and configs under their keys", async () => {
  const { made } = await record(() =>
    objectVariables({
      secrets: { "app-token": new SwarmSecret("s", ARGS.SwarmSecret()) },
      configs: { "app-greeting": new SwarmConfig("c", ARGS.SwarmConfig()) },
    }),
  );
  const names = await promiseOf(pulumi.all(made));
  expect(names).toEqual({
    SECRET_APP_TOKEN: "s-secret-0a1b2c3",
    CONFIG_APP_GREETING: "c-config-0a1b2c3",
  });
});

test("each compose stack of the configuration is one, under its own name", async () => {
  const composeStacks = {
    one: { file: "/one.yaml", content: "services: {}" },
    two: { file: "/two.yaml", content: "services: {}" },
  };
  const config = { ...devConfig(), composeStacks };
  const { recording } = await record(
    () => void createComposeStacks({ config, managers: [], variables: {} }, {}),
  );
  const stacks = recording.custom.map((each) => [
    each.name,
    (environmentOf(each).LAB_COMPOSE as { stack: string }).stack,
  ]);
  expect(stacks).toEqual([
    ["compose-one-deploy", "one"],
    ["compose-two-deploy", "two"],
  ]);
});
