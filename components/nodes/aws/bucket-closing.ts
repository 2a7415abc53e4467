import * as s3 from "@pulumi/aws/s3/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { bucketPolicy } from "./policies.ts";

export interface Closing {
  /** The bucket as it is known before it is made. */
  readonly name: string;
  readonly region: string;
  /** The bucket that was made. */
  readonly bucket: pulumi.Input<string>;
  /** BucketOwnerEnforced: without access lists at all. BucketOwnerPreferred: with those that are not public. */
  readonly ownership: "BucketOwnerEnforced" | "BucketOwnerPreferred";
}

/**
 * Closes a bucket: to the public, and to whoever comes without TLS; and has its objects encrypted. One setting after the
 * other, as S3 refuses a change of a bucket while another one is under way. All are in force once the one that it gives back is.
 */
export function closeBucket(
  name: string,
  { name: own, region, bucket, ownership }: Closing,
  opts: pulumi.CustomResourceOptions & { readonly dependsOn: readonly pulumi.Resource[] },
): s3.BucketPolicy {
  const after = (last: pulumi.Resource) => ({ ...opts, dependsOn: [last] });
  const access = new s3.BucketPublicAccessBlock(
    `${name}-access`,
    {
      ...{ bucket, blockPublicAcls: true, blockPublicPolicy: true },
      ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
    },
    { ...opts, dependsOn: [...opts.dependsOn] },
  );
  const owned = new s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket, rule: { objectOwnership: ownership } },
    after(access),
  );
  const encryption = new s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    after(owned),
  );
  return new s3.BucketPolicy(
    `${name}-policy`,
    { bucket, policy: JSON.stringify(bucketPolicy(own, region)) },
    after(encryption),
  );
}
