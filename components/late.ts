import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** What the resources of a component wait for, or are made by, and the component itself need not wait for. */
export interface Late {
  readonly providers: readonly pulumi.ProviderResource[];
  readonly dependsOn: pulumi.Input<pulumi.Resource>[];
}

/**
 * Parts a component's options: `own` for the component, `late` for its resources. A component is registered when all that
 * its own options name is there, and each registration writes Pulumi's state three times, some 25 ms each. Those that are inside the swarm were all registered at
 * the moment when the first manager was one, before the registry that everything waited for; now they are while the machines start.
 */
export function part({
  provider,
  providers = [],
  dependsOn = [],
  ...own
}: pulumi.ComponentResourceOptions = {}): {
  readonly own: pulumi.ComponentResourceOptions;
  readonly late: Late;
} {
  const given = Object.values(providers);
  const after = Array.isArray(dependsOn) ? dependsOn : [dependsOn as pulumi.Input<pulumi.Resource>];
  return { own, late: { providers: provider ? [provider, ...given] : given, dependsOn: after } };
}

/** The options of a component within one that was parted. */
export const nested = (
  parent: pulumi.Resource,
  { providers, dependsOn }: Late,
): pulumi.ComponentResourceOptions => ({ parent, providers: [...providers], dependsOn });

/** The options of one of its docker resources. Without a provider given, it is the parent's, as ever. */
export const dockerOptions = (parent: pulumi.Resource, late: Late): pulumi.CustomResourceOptions =>
  optionsFor(docker.Provider, parent, late);

/** The options of one of its steps. */
export const stepOptions = (parent: pulumi.Resource, late: Late): pulumi.CustomResourceOptions =>
  optionsFor(command.Provider, parent, late);

function optionsFor(
  kind: abstract new (...args: never[]) => pulumi.ProviderResource,
  parent: pulumi.Resource,
  { providers, dependsOn }: Late,
): pulumi.CustomResourceOptions {
  const provider = providers.find((each) => each instanceof kind);
  return { parent, dependsOn, ...(provider ? { provider } : {}) };
}
