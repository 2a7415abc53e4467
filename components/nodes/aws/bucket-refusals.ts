/** What S3 refuses, by its code, in words for the person whose backups they are. */
import type { Problem } from "../../errors.ts";
import type { AwsRefusal } from "./error-text.ts";

const BUCKET = "swarm-lab:aws.bucket.name";

const bucketTaken = (): Problem => ({
  where: BUCKET,
  got: "the name of a bucket that somebody else has",
  need: "one that nobody has: all accounts share the names",
  fix: "choose another, such as one with the number of your account in it",
});

const bucketThere = (): Problem => ({
  where: BUCKET,
  got: "the name of a bucket of this account that was made meanwhile",
  need: "one that is free, or a bucket that is used as it is",
  fix: "`npm run up` again uses it as it is",
});

const noBucket = ({ message }: AwsRefusal): Problem => ({
  where: "swarm-lab:backup.directory",
  got: `a bucket that there is not (${message || "no such bucket"})`,
  need: "one that is there",
  fix: "make it, as swarm-lab:aws.bucket does with provider aws, or correct its name",
});

export const BUCKET_REFUSALS: Readonly<Record<string, (refusal: AwsRefusal) => Problem>> = {
  NoSuchBucket: noBucket,
  BucketAlreadyExists: bucketTaken,
  BucketAlreadyOwnedByYou: bucketThere,
};
