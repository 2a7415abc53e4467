import * as s3 from "@pulumi/aws/s3/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type AwsBucketArgs, beginBucket, UNFINISHED } from "./bucket-base.ts";
import { closeBucket } from "./bucket-closing.ts";
import { keptTags } from "./tags.ts";

export interface AwsBackupBucketArgs extends AwsBucketArgs {
  /** Days for which what was deleted or overwritten is kept. */
  readonly oldVersionDays: number;
  /** Days for which nobody may delete a version without a permission of its own; absent: none. */
  readonly lockDays?: number;
}

/**
 * A bucket for the backups of a lab: versioned, encrypted, closed to the public, reached by TLS alone. Backups outlive their
 * lab, so all of it stays when the lab goes: what destroys the lab only forgets it.
 */
export class AwsBackupBucket extends pulumi.ComponentResource {
  /** The bucket's name, known once all its settings are in force: nothing is put into an open one. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AwsBackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsBackupBucket", name, {}, opts);
    const { region, oldVersionDays, lockDays } = args;
    // Locking is made possible in any case: it keeps nothing by itself, and a bucket that is there cannot have it any more.
    const kind = {
      what: "backups",
      tags: keptTags("backups"),
      settings: { objectLockEnabled: true },
    };
    const { bucket, on: kept } = beginBucket(name, args, { ...kind, stays: true }, this);
    // One after the other: S3 refuses a change of a bucket while another one is under way.
    const versioning = new s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      kept,
    );
    const closed = closeBucket(
      name,
      { name: args.bucket, region, bucket, ownership: "BucketOwnerEnforced" },
      { ...kept, dependsOn: [versioning] },
    );
    const lifecycle = new s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            ...{ id: "old-versions", status: "Enabled", filter: {} },
            noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
            expiration: { expiredObjectDeleteMarker: true },
            ...UNFINISHED,
          },
        ],
      },
      { ...kept, dependsOn: [closed] },
    );
    const lock = new s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      {
        bucket,
        ...(lockDays === undefined
          ? {}
          : { rule: { defaultRetention: { mode: "GOVERNANCE", days: lockDays } } }),
      },
      { ...kept, dependsOn: [lifecycle] },
    );
    this.bucketName = lock.bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
