import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { ProvidedNode } from "../nodes/provider.ts";
import type { LoadInput } from "./step-inputs.ts";

export interface ImageLoadArgs {
  readonly node: ProvidedNode;
  /** DOCKER_HOST of the engine that has the images. */
  readonly engine: string;
  readonly images: readonly string[];
}

/** Images brought to one node without a registry. `ids` are their ids there, by the name they had on the engine. */
export class ImageLoad extends pulumi.ComponentResource {
  readonly loaded: pulumi.Resource;
  readonly ids: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ImageLoadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:swarm:ImageLoad", name, {}, opts);
    const { node, engine, images } = args;
    const load: LoadInput = { node: node.handle, engine, images };
    const loaded = step(
      `${name}-load`,
      {
        create: "swarm/load-images.ts",
        inputs: { LAB_LOAD: load, LAB_MACHINE: node.machineId },
        stays: node.silent,
      },
      { parent: this, dependsOn: [node.machine] },
    );
    this.loaded = loaded;
    this.ids = resultOf<{ ids: Record<string, string> }>(loaded).ids;
    this.registerOutputs({ ids: this.ids });
  }
}
