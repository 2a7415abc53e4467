import type * as pulumi from "@pulumi/pulumi";
import type { Credentials } from "../components/nodes/credentials.ts";
import type { KernelNeed } from "../components/nodes/kernel-probe.ts";
import type { ProvidedNodes } from "../components/nodes/provider.ts";
import type { RegistryStorage } from "../components/swarm/registry-storage.ts";

/** What a provider is told besides the configuration. */
export interface ProvideRequest {
  readonly credentials: pulumi.Output<Credentials>;
  /** What the plan counts on that each node's kernel can. */
  readonly needs: readonly KernelNeed[];
}

/** What a provider gives to the lab. */
export interface Provided {
  readonly nodes: ProvidedNodes;
  /** Where the registry's images are; absent: on a volume. */
  readonly storage?: RegistryStorage;
  /** Outputs of the stack that no other provider has. */
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
}
