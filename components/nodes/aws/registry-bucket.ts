import * as s3 from "@pulumi/aws/s3/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type AwsBucketArgs, beginBucket, UNFINISHED } from "./bucket-base.ts";
import { closeBucket } from "./bucket-closing.ts";
import { type Lifetime, lifetimeTags } from "./lifetime.ts";

export interface AwsRegistryBucketArgs extends AwsBucketArgs {
  readonly lifetime: Lifetime;
}

/**
 * A bucket for the images of a lab's registry: encrypted, closed to the public, reached by TLS alone. It goes with the lab,
 * and all images with it, as they do with the volume of a node.
 */
export class AwsRegistryBucket extends pulumi.ComponentResource {
  /** The bucket's name, known once all its settings are in force: nothing is put into an open one. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AwsRegistryBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsRegistryBucket", name, {}, opts);
    const { region, lifetime } = args;
    const kind = {
      what: "registry",
      tags: lifetimeTags(lifetime),
      settings: { forceDestroy: true },
    };
    const { bucket, on: own } = beginBucket(name, args, { ...kind, stays: false }, this);
    // The registry's driver sends an access list with each object, which says that it is nobody else's. A bucket without
    // access lists refuses it (github.com/distribution/distribution, issue 3861).
    const closed = closeBucket(
      name,
      { name: args.bucket, region, bucket, ownership: "BucketOwnerPreferred" },
      { ...own, dependsOn: [] },
    );
    const lifecycle = new s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            ...{ id: "unfinished", status: "Enabled", filter: {}, ...UNFINISHED },
          },
        ],
      },
      { ...own, dependsOn: [closed] },
    );
    this.bucketName = lifecycle.bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
