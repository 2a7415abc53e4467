import { describe, expect, test } from "vitest";
import { closedBuckets, encryptedBuckets } from "../../policies/buckets.ts";
import { encryptedDisks } from "../../policies/disks.ts";
import { type PolicyResource, UNKNOWN } from "../../policies/policy.ts";
import { resource } from "./policy-support.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const places = (type: string, inputs: PolicyResource["inputs"]) =>
  encryptedDisks.judge(resource(type, inputs)).map(({ where, got }) => [where, got]);

describe("encrypted-disks", () => {
  test("wants every disk of an instance to say so", () => {
    const good = { encrypted: true };
    expect(places(INSTANCE, { rootBlockDevice: good, ebsBlockDevices: [good] })).toEqual([]);
    expect(places(INSTANCE, { rootBlockDevice: { encrypted: UNKNOWN } })).toEqual([]);
    expect(places(INSTANCE, {})).toEqual([["one.rootBlockDevice", "no word of encryption"]]);
    expect(places(INSTANCE, { rootBlockDevice: { encrypted: false } })).toEqual([
      ["one.rootBlockDevice", "encrypted: false"],
    ]);
    expect(places(INSTANCE, { rootBlockDevice: good, ebsBlockDevices: [good, {}] })).toEqual([
      ["one.ebsBlockDevices[1]", "no word of encryption"],
    ]);
  });

  test("wants it of volumes and launch templates", () => {
    expect(places("aws:ebs/volume:Volume", { encrypted: true })).toEqual([]);
    expect(places("aws:ebs/volume:Volume", {})).toHaveLength(1);
    const template = (encrypted: unknown) => ({
      blockDeviceMappings: [{ virtualName: "ephemeral0" }, { ebs: { encrypted } }],
    });
    const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
    for (const good of [true, "true", UNKNOWN])
      expect(places(TEMPLATE, template(good))).toEqual([]);
    expect(places(TEMPLATE, template("false"))).toEqual([
      ["one.blockDeviceMappings[1]", "encrypted: false"],
    ]);
    expect(places(TEMPLATE, {})).toEqual([["one", "no word of encryption"]]);
  });
});

const bucket = resource("aws:s3/bucket:Bucket", { bucket: "backups" }, { name: "b" });
const encryption = (inputs: PolicyResource["inputs"], references = {}) =>
  resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }], ...inputs },
    { name: "e", references },
  );
const DOORS = {
  ...{ blockPublicAcls: true, blockPublicPolicy: true },
  ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
};
const block = (inputs: PolicyResource["inputs"]) =>
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", inputs, { name: "a" });

describe("encrypted-buckets", () => {
  const got = (...all: PolicyResource[]) => encryptedBuckets.judgeAll(all).map(({ urn }) => urn);

  test("finds the setting by the bucket's name, or by what it was made of", () => {
    expect(got(bucket, encryption({ bucket: "backups" }))).toEqual([]);
    const made = encryption({ bucket: UNKNOWN }, { bucket: [bucket.urn] });
    expect(got(bucket, made)).toEqual([]);
    expect(got(bucket, encryption({ bucket: "backups", rules: UNKNOWN }))).toEqual([]);
  });

  test("refuses a bucket without one, with another's, or with an empty one", () => {
    expect(got(bucket)).toEqual([bucket.urn]);
    expect(got(bucket, encryption({ bucket: "others" }))).toEqual([bucket.urn]);
    expect(got(bucket, encryption({ bucket: "backups", rules: [] }))).toEqual([bucket.urn]);
  });

  test("does not take two buckets whose names are not known for one", () => {
    const nameless = resource("aws:s3/bucket:Bucket", { bucket: UNKNOWN });
    expect(got(nameless, encryption({ bucket: UNKNOWN }))).toEqual([nameless.urn]);
  });
});

describe("closed-buckets", () => {
  const got = (...all: PolicyResource[]) => closedBuckets.judgeAll(all).map((each) => each.got);

  test("wants all four doors shut", () => {
    expect(got(bucket, block({ bucket: "backups", ...DOORS }))).toEqual([]);
    expect(got(bucket)).toEqual(["no aws.s3.BucketPublicAccessBlock"]);
    expect(got(bucket, block({ ...DOORS, bucket: "others" }))).toHaveLength(1);
  });

  test.each(Object.keys(DOORS))("names %s when it is open", (door) => {
    for (const open of [{ [door]: false }, { [door]: undefined }])
      expect(got(bucket, block({ bucket: "backups", ...DOORS, ...open }))).toEqual([
        `${door} not true`,
      ]);
  });

  test("refuses an access list that names everybody, also behind a block", () => {
    const shut = block({ bucket: "backups", ...DOORS });
    const list = (acl: string) =>
      resource("aws:s3/bucketAcl:BucketAcl", { bucket: "backups", acl }, { name: "l" });
    expect(got(bucket, shut, list("private"))).toEqual([]);
    expect(got(bucket, shut, list("public-read"))).toEqual(["public-read"]);
  });
});
