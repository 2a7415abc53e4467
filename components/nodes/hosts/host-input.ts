import type { NodeHandle } from "../types.ts";

/** The lab's registry as a node finds it. */
export interface RegistryPlace {
  /** host:port under which the nodes know it. */
  readonly name: string;
  /** Of the nodes that run it, in the order in which they are tried. */
  readonly addresses: readonly string[];
}

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
  readonly registry: RegistryPlace | undefined;
  readonly dataPathPort: number;
  /** Names of the volumes that the lab makes. */
  readonly volumes: readonly string[];
}
