import type * as pulumi from "@pulumi/pulumi";
import type { NodeHandle } from "../components/nodes/types.ts";
import { ComposeStack, type ComposeStackArgs } from "../components/swarm/compose-stack.ts";
import type { LabConfig } from "./config/resolved.ts";
import type { LabObjects } from "./objects.ts";

/** app-token becomes SECRET_APP_TOKEN: what compose files can put into `name:` of an external object. */
function named<T>(
  prefix: string,
  objects: Readonly<Record<string, T>>,
  nameOf: (object: T) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  const variable = (key: string) => `${prefix}_${key.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
  const entries = Object.entries(objects).map(([key, object]) => [variable(key), nameOf(object)]);
  return Object.fromEntries(entries);
}

/** The names that the lab's secrets and configs have in the swarm, as variables. They change when a value does. */
export function objectVariables({ secrets, configs }: LabObjects) {
  return {
    ...named("SECRET", secrets, (secret) => secret.secretName),
    ...named("CONFIG", configs, (config) => config.configName),
  };
}

export interface ComposeRequest extends Pick<ComposeStackArgs, "variables" | "registry"> {
  readonly config: LabConfig;
  readonly managers: readonly NodeHandle[];
}

/** The compose stacks of the configuration. */
export function createComposeStacks(
  { config, ...shared }: ComposeRequest,
  opts: pulumi.ComponentResourceOptions,
): ComposeStack[] {
  return Object.entries(config.composeStacks).map(
    ([stack, { content }]) =>
      new ComposeStack(`compose-${stack}`, { stack, content, ...shared }, opts),
  );
}
