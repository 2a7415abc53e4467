import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { Credentials, CredentialsInput } from "./credentials.ts";

export interface LabCredentialsArgs extends CredentialsInput {
  /** The registry's password; absent: made once and kept. */
  readonly registryPassword?: pulumi.Input<string>;
}

/** The lab's CA, certificates and registry login, made once and kept in the state as one secret. */
export class LabCredentials extends pulumi.ComponentResource {
  readonly value: pulumi.Output<Credentials>;

  constructor(name: string, args: LabCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:LabCredentials", name, {}, opts);
    const { registryPassword, ...rest } = args;
    const made = step(
      `${name}-make`,
      {
        create: "credentials.ts",
        inputs: { LAB_CREDENTIALS: rest },
        secrets: registryPassword ? { LAB_REGISTRY_PASSWORD: registryPassword } : {},
        secretOutput: true,
        keepsOutput: true,
      },
      { parent: this },
    );
    this.value = resultOf<Credentials>(made);
    this.registerOutputs({});
  }
}
