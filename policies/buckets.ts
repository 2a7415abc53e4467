import { type PolicyResource, type StackPolicy, type StackProblem, UNKNOWN } from "./policy.ts";
import { at, elements, plain } from "./reading.ts";

const BUCKET = /^aws:s3\/bucket(V2)?:/;
const ENCRYPTION = /^aws:s3\/bucketServerSideEncryptionConfiguration(V2)?:/;
const ACCESS = /^aws:s3\/bucketPublicAccessBlock:/;
const ACL = /^aws:s3\/bucketAcl(V2)?:/;

/** The four doors by which a bucket or an object of it can be made public. */
const DOORS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Settings of one bucket that are resources of their own: they name it, or are made of it. */
const settingsOf = (bucket: PolicyResource, type: RegExp, all: readonly PolicyResource[]) => {
  const name = at(bucket.inputs, "bucket");
  return all
    .filter((each) => type.test(each.type))
    .filter(
      ({ inputs, references }) =>
        references.bucket?.includes(bucket.urn) ||
        (typeof name === "string" && at(inputs, "bucket") === name),
    );
};

const bucketsIn = (all: readonly PolicyResource[]) => all.filter(({ type }) => BUCKET.test(type));

function encrypts({ inputs }: PolicyResource): boolean {
  if (plain(inputs.rules) === UNKNOWN) return true;
  const ways = elements(inputs.rules).map((rule) =>
    at(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm"),
  );
  return ways.some((way) => way === UNKNOWN || typeof way === "string");
}

/** Backups hold all of a swarm, its keys among it. */
export const encryptedBuckets: StackPolicy = {
  name: "encrypted-buckets",
  description: "Every bucket says how what is in it is encrypted.",
  level: "mandatory",
  judgeAll: (all) =>
    bucketsIn(all)
      .filter((bucket) => !settingsOf(bucket, ENCRYPTION, all).some(encrypts))
      .map(({ urn, name }) => ({
        ...{ urn, where: name, got: "no encryption setting of this bucket" },
        need: "an aws.s3.BucketServerSideEncryptionConfiguration with a rule",
        fix: "add one whose bucket is this one, with sseAlgorithm AES256 or aws:kms",
      })),
};

function openDoors(bucket: PolicyResource, all: readonly PolicyResource[]): StackProblem[] {
  const { urn, name } = bucket;
  const blocks = settingsOf(bucket, ACCESS, all);
  const isShut = (door: string) =>
    blocks.some(({ inputs }) => [true, UNKNOWN].includes(at(inputs, door) as boolean));
  const open = DOORS.filter((door) => !isShut(door));
  if (open.length === 0) return [];
  const got =
    blocks.length === 0 ? "no aws.s3.BucketPublicAccessBlock" : `${open.join(", ")} not true`;
  const fix = "add or complete an aws.s3.BucketPublicAccessBlock whose bucket is this one";
  return [{ urn, where: name, got, need: `${DOORS.join(", ")}: true`, fix }];
}

/** An access list that names everybody; S3 would refuse it behind a block, which may come after it. */
function publicLists(all: readonly PolicyResource[]): StackProblem[] {
  return all
    .filter(({ type }) => ACL.test(type) || BUCKET.test(type))
    .map((each) => ({ ...each, acl: at(each.inputs, "acl") }))
    .filter(({ acl }) => typeof acl === "string" && /^(public|authenticated)-/.test(acl))
    .map(({ urn, name, acl }) => ({
      ...{ urn, where: `${name}.acl`, got: String(acl), need: "no access list but private" },
      fix: "remove it: who may read is said by the bucket's policy",
    }));
}

export const closedBuckets: StackPolicy = {
  name: "closed-buckets",
  description: "Public access to every bucket is blocked.",
  level: "mandatory",
  judgeAll: (all) => [
    ...bucketsIn(all).flatMap((bucket) => openDoors(bucket, all)),
    ...publicLists(all),
  ],
};
