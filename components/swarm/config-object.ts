import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelList, ownershipLabels } from "../labels.ts";
import { dockerOptions, part } from "../late.ts";

export interface SwarmConfigArgs {
  readonly lab: string;
  /** The content, base64. Whoever may inspect the swarm can read it: what must not be read is a secret. */
  readonly base64: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/** One swarm config (not the lab's configuration): immutable, so a new value is a new object under a new name. */
export class SwarmConfig extends pulumi.ComponentResource {
  readonly configId: pulumi.Output<string>;
  readonly configName: pulumi.Output<string>;

  constructor(name: string, args: SwarmConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:SwarmConfig", name, {}, own);
    const labels = labelList(ownershipLabels({ lab: args.lab }, args.labels));
    const config = new docker.ServiceConfig(
      `${name}-config`,
      { data: args.base64, labels },
      dockerOptions(this, late),
    );
    this.configId = config.id;
    this.configName = config.name;
    this.registerOutputs({ configId: this.configId, configName: this.configName });
  }
}
