import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelList, ownershipLabels } from "../labels.ts";
import { dockerOptions, part } from "../late.ts";

export interface SwarmSecretArgs {
  readonly lab: string;
  /** The content, base64. */
  readonly base64: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * One swarm secret. Secrets are immutable (moby#35803): a new value is a new object under a new name, services are
 * updated to it, and the old object goes last. That is why no name is set: a fixed one would have to go first, and the
 * engine refuses to remove a secret in use. Nor does a digest of the value belong into a name: short values can be guessed.
 */
export class SwarmSecret extends pulumi.ComponentResource {
  readonly secretId: pulumi.Output<string>;
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: SwarmSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:SwarmSecret", name, {}, own);
    const labels = labelList(ownershipLabels({ lab: args.lab }, args.labels));
    const secret = new docker.Secret(
      `${name}-secret`,
      { data: pulumi.secret(args.base64), labels },
      dockerOptions(this, late),
    );
    this.secretId = secret.id;
    this.secretName = secret.name;
    this.registerOutputs({ secretId: this.secretId, secretName: this.secretName });
  }
}
