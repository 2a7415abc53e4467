import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../../command.ts";
import type { Credentials } from "../credentials.ts";
import type { NodeHandle } from "../types.ts";
import type { HostInput } from "./host-input.ts";
import { READY_PROGRAM } from "./record.ts";

export interface HostMachineArgs extends Omit<HostInput, "id"> {
  /** The stack's own id, under which it claims its hosts. */
  readonly id: pulumi.Input<string>;
  /** All nodes of the lab. More of them are no reason to do anything again. */
  readonly nodes: readonly NodeHandle[];
  /** Those that answer: between them and the host firewalls are opened. */
  readonly answering: readonly NodeHandle[];
  readonly credentials: pulumi.Input<Credentials>;
  /** Whether it does not answer now. */
  readonly silent: boolean;
}

/**
 * A machine that the user already has, made ready to be a node: its engine, that engine's settings, trust in the lab's
 * registry, its firewall. On removal what was added goes, and what was there stays.
 */
export class HostMachine extends pulumi.ComponentResource {
  readonly ready: pulumi.Resource;
  /** The machine's own id: another one is another machine. */
  readonly machineId: pulumi.Output<string>;

  constructor(name: string, args: HostMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:HostMachine", name, {}, opts);
    const { nodes, answering, credentials, silent, ...host } = args;
    // A step that fails is not on record and undoes nothing: so what undoes is another one's, which comes first.
    const claimed = step(
      `${name}-claimed`,
      {
        create: "hosts/claim.ts",
        delete: "hosts/release.ts",
        inputs: { LAB_HOST: host },
        peers: nodes,
        stays: silent,
      },
      { parent: this, customTimeouts: { delete: "15m" } },
    );
    const ready = step(
      `${name}-ready`,
      {
        create: READY_PROGRAM,
        inputs: { LAB_HOST: host },
        peers: answering,
        stays: silent,
        secrets: { LAB_CA: pulumi.output(credentials).apply(({ ca }) => ca) },
      },
      { parent: this, dependsOn: [claimed], customTimeouts: { create: "15m", update: "15m" } },
    );
    this.ready = ready;
    this.machineId = resultOf<{ machineId: string }>(ready).machineId;
    this.registerOutputs({ machineId: this.machineId });
  }
}
