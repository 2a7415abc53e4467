import type { NodeHandle } from "../types.ts";

/** LAB_HOST of scripts/hosts: one host, and how it is to be made ready. */
export interface HostInput {
  readonly lab: string;
  /** The stack's own id, under which it claims its hosts. */
  readonly id: string;
  readonly node: NodeHandle;
  readonly setup: {
    readonly version?: string;
    readonly firewall: "auto" | "off";
  };
  /** host:port under which the nodes know the registry, and the address of the node that has it. */
  readonly registry: { readonly name: string; readonly address: string } | undefined;
  readonly dataPathPort: number;
  /** Names of the volumes that the lab makes. */
  readonly volumes: readonly string[];
}
