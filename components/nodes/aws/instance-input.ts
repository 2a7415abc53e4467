import type { RegistryPlace } from "../hosts/host-input.ts";
import type { KernelNeed } from "../kernel-probe.ts";
import type { NodeHandle } from "../types.ts";

/** LAB_INSTANCE of scripts/aws/ready.ts: one instance, and what it is to be ready for. */
export interface InstanceInput {
  readonly node: NodeHandle;
  readonly registry: RegistryPlace | undefined;
  readonly needs: readonly KernelNeed[];
}
