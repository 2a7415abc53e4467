import { Provider } from "@pulumi/aws/provider.js";
import * as s3 from "@pulumi/aws/s3/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "./tags.ts";

/** What every bucket of a lab is made from. */
export interface AwsBucketArgs {
  readonly lab: string;
  /** The bucket's name, which no other bucket of anybody has. */
  readonly bucket: string;
  readonly region: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is particular to a kind of bucket. */
export interface BucketKind {
  /** What it is for; the Name of it in AWS's console. */
  readonly what: string;
  /** Tags besides the lab's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly settings: Pick<s3.BucketArgs, "forceDestroy" | "objectLockEnabled">;
  /** Whether it stays when the lab goes. */
  readonly stays: boolean;
}

/** A bucket that is being made: its name once it is there, and the options for all its settings. */
export interface BegunBucket {
  readonly bucket: pulumi.Output<string>;
  readonly on: pulumi.CustomResourceOptions;
}

/** Begins a bucket in its region, within a component. It is open until its settings are in force. */
export function beginBucket(
  name: string,
  { lab, bucket, region, labels }: AwsBucketArgs,
  { what, tags, settings, stays }: BucketKind,
  parent: pulumi.Resource,
): BegunBucket {
  const provider = new Provider(`${name}-aws`, { region }, { parent });
  const on = { parent, provider, ...(stays ? { retainOnDelete: true } : {}) };
  const made = new s3.Bucket(
    `${name}-bucket`,
    { bucket, ...settings, tags: { ...tagsOf(what, { lab }, labels), ...tags } },
    on,
  );
  return { bucket: made.bucket, on };
}

/** Days after which an upload that was never finished, and is paid for, is thrown away: in every bucket's lifecycle. */
export const UNFINISHED = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } } as const;
