import { Provider } from "@pulumi/aws/provider.js";
import * as s3 from "@pulumi/aws/s3/index.js";
import * as pulumi from "@pulumi/pulumi";
import { closeBucket } from "./bucket-closing.ts";
import { type Lifetime, lifetimeTags } from "./lifetime.ts";
import { tagsOf } from "./tags.ts";

export interface AwsRegistryBucketArgs {
  readonly lab: string;
  /** The bucket's name, which no other bucket of anybody has. */
  readonly bucket: string;
  readonly region: string;
  readonly lifetime: Lifetime;
  readonly labels: Readonly<Record<string, string>>;
}

/** Days after which an upload that was never finished, and is paid for, is thrown away. */
const UNFINISHED_DAYS = 7;

/**
 * A bucket for the images of a lab's registry: encrypted, closed to the public, reached by TLS alone. It goes with the lab,
 * and all images with it, as they do with the volume of a node.
 */
export class AwsRegistryBucket extends pulumi.ComponentResource {
  /** The bucket's name, known once all its settings are in force: nothing is put into an open one. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AwsRegistryBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsRegistryBucket", name, {}, opts);
    const { lab, region, lifetime } = args;
    const provider = new Provider(`${name}-aws`, { region }, { parent: this });
    const own = { parent: this, provider };
    const tags = tagsOf("registry", { lab }, { ...args.labels, ...lifetimeTags(lifetime) });
    const { bucket } = new s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucket, forceDestroy: true, tags },
      own,
    );
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
            ...{ id: "unfinished", status: "Enabled", filter: {} },
            abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_DAYS },
          },
        ],
      },
      { ...own, dependsOn: [closed] },
    );
    this.bucketName = lifecycle.bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
