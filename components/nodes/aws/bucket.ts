import { Provider } from "@pulumi/aws/provider.js";
import * as s3 from "@pulumi/aws/s3/index.js";
import * as pulumi from "@pulumi/pulumi";
import { closeBucket } from "./bucket-closing.ts";
import { keptTags, tagsOf } from "./tags.ts";

export interface AwsBackupBucketArgs {
  readonly lab: string;
  /** The bucket's name, which no other bucket of anybody has. */
  readonly bucket: string;
  readonly region: string;
  /** Days for which what was deleted or overwritten is kept. */
  readonly oldVersionDays: number;
  /** Days for which nobody may delete a version without a permission of its own; absent: none. */
  readonly lockDays?: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Days after which an upload that was never finished, and is paid for, is thrown away. */
const UNFINISHED_DAYS = 7;

/**
 * A bucket for the backups of a lab: versioned, encrypted, closed to the public, reached by TLS alone. Backups outlive their
 * lab, so all of it stays when the lab goes: what destroys the lab only forgets it.
 */
export class AwsBackupBucket extends pulumi.ComponentResource {
  /** The bucket's name, known once all its settings are in force: nothing is put into an open one. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AwsBackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:AwsBackupBucket", name, {}, opts);
    const { lab, region, oldVersionDays, lockDays } = args;
    const provider = new Provider(`${name}-aws`, { region }, { parent: this });
    const kept = { parent: this, provider, retainOnDelete: true };
    const tags = { ...tagsOf("backups", { lab }, args.labels), ...keptTags("backups") };
    // Locking is made possible in any case: it keeps nothing by itself, and a bucket that is there cannot have it any more.
    const made = new s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucket, objectLockEnabled: true, tags },
      kept,
    );
    const bucket = made.bucket;
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
            abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_DAYS },
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
