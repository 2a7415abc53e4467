import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../components/command.ts";
import { SwarmConfig } from "../components/swarm/config-object.ts";
import { SwarmSecret } from "../components/swarm/secret.ts";
import type { LabConfig, SecretSource } from "./config/resolved.ts";

export interface LabObjects {
  readonly secrets: Readonly<Record<string, SwarmSecret>>;
  readonly configs: Readonly<Record<string, SwarmConfig>>;
}

/** The content of a secret, base64: as configured, or made once for each version. */
function contentOf(
  key: string,
  source: SecretSource,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (source.kind === "content") return pulumi.secret(source.base64);
  const { length, version } = source;
  const made = step(
    `secret-${key}-value`,
    {
      create: "generate-secret.ts",
      inputs: { LAB_GENERATE: { length, version } },
      secretOutput: true,
    },
    opts,
  );
  return resultOf<{ value: string }>(made).value.apply((text) =>
    Buffer.from(text).toString("base64"),
  );
}

/** The secrets and configs that the configuration names. They need a manager and nothing else. */
export function createObjects(
  config: LabConfig,
  opts: pulumi.ComponentResourceOptions,
): LabObjects {
  const { lab, labels } = config;
  const secrets = Object.entries(config.secrets).map(([key, source]) => {
    const base64 = contentOf(key, source, { parent: opts.parent });
    return [key, new SwarmSecret(`secret-${key}`, { lab, base64, labels }, opts)] as const;
  });
  const configs = Object.entries(config.configs).map(([key, { base64 }]) => {
    return [key, new SwarmConfig(`config-${key}`, { lab, base64, labels }, opts)] as const;
  });
  return { secrets: Object.fromEntries(secrets), configs: Object.fromEntries(configs) };
}
