import { beforeAll, describe, expect, test } from "vitest";
import { AwsBackupBucket, type AwsBackupBucketArgs } from "../../components/nodes/aws/bucket.ts";
import { bucketPolicy } from "../../components/nodes/aws/policies.ts";
import { ARGS } from "../support/component-args.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { tooWide } from "../support/policy-judge.ts";
import { clearText, UNKNOWN } from "../support/properties.ts";
import type { Recording } from "../support/recording.ts";

const NAME = "dev-backups-111122223333";
const { lockDays: _, ...unlocked } = ARGS.AwsBackupBucket();
const build = (args: AwsBackupBucketArgs = ARGS.AwsBackupBucket(), preview = false) =>
  record(() => new AwsBackupBucket("b", args), { preview });

describe("a bucket for backups", () => {
  let recording: Recording;
  let made: AwsBackupBucket;
  beforeAll(async () => {
    ({ recording, made } = await build());
  });

  test("is versioned, encrypted, closed to the public and to access lists, and nothing more", () => {
    const bucket = NAME;
    const seen = recording.custom.map(({ name, inputs }) => [name, inputs] as const);
    const { "b-policy": policy, "b-lifecycle": __, ...others } = Object.fromEntries(seen);
    expect(others).toEqual({
      "b-aws": expect.objectContaining({ region: "eu-central-1" }),
      "b-bucket": {
        ...{ bucket, objectLockEnabled: true },
        tags: {
          ...{ team: "blue", "swarm-lab.lab": "dev", "swarm-lab.kept": "backups" },
          Name: "dev-backups",
        },
      },
      "b-versioning": { bucket, versioningConfiguration: { status: "Enabled" } },
      "b-access": {
        ...{ bucket, blockPublicAcls: true, blockPublicPolicy: true },
        ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
      },
      "b-ownership": { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      "b-encryption": {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      "b-lock": { bucket, rule: { defaultRetention: { mode: "GOVERNANCE", days: 7 } } },
    });
    expect(policy?.bucket).toBe(bucket);
  });

  test("is reached by TLS alone, and its policy allows nothing", () => {
    const policy = String(recording.one("b-policy").inputs.policy);
    expect(tooWide(policy)).toEqual([]);
    expect(JSON.parse(policy)).toEqual(bucketPolicy(NAME, "eu-central-1"));
    const { Statement } = JSON.parse(policy) as { readonly Statement: readonly object[] };
    expect(Statement).toHaveLength(2);
    for (const statement of Statement) expect(statement).toMatchObject({ Effect: "Deny" });
    expect(policy).toContain('"aws:SecureTransport":"false"');
  });

  test("throws old versions and unfinished uploads away in time, and never a backup that is there", () => {
    expect(recording.one("b-lifecycle").inputs).toEqual({
      bucket: NAME,
      rules: [
        {
          ...{ id: "old-versions", status: "Enabled", filter: {} },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          expiration: { expiredObjectDeleteMarker: true },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
  });

  test("outlives its lab, with all of its settings", () => {
    const own = recording.custom.filter(({ type }) => type.startsWith("aws:"));
    expect(own).toHaveLength(8);
    for (const { name, options } of own) expect(options.retainOnDelete, name).toBe(true);
    const tags = recording.one("b-bucket").inputs.tags as object;
    // Whatever cleans up by an end of its own would take the backups.
    expect(Object.keys(tags)).not.toContain("swarm-lab.expires");
  });

  test("is set up one step after the other, and is known once all are done", async () => {
    const order = [
      "versioning",
      "access",
      "ownership",
      "encryption",
      "policy",
      "lifecycle",
      "lock",
    ];
    for (const [at, step] of order.entries())
      expect(recording.dependencies(recording.one(`b-${step}`)), step).toContain(
        at === 0 ? "b-bucket" : `b-${order[at - 1]}`,
      );
    expect(await promiseOf(made.bucketName)).toBe(NAME);
  });

  test("locks nothing unless that is asked for, and can be made to later", async () => {
    const { recording: open } = await build(unlocked);
    expect(open.one("b-lock").inputs).toEqual({ bucket: NAME });
    const { "b-lock": before, ...same } = Object.fromEntries(
      recording.custom.map(({ name, inputs }) => [name, inputs]),
    );
    expect(before).toHaveProperty("rule");
    for (const [name, inputs] of Object.entries(same))
      expect(open.one(name).inputs, name).toEqual(inputs);
  });

  test("is known whole at the first preview", async () => {
    const { recording: preview } = await build(ARGS.AwsBackupBucket(), true);
    const shown = preview.custom.map(({ wire }) => clearText(wire)).join("\n");
    expect(shown).not.toContain(UNKNOWN);
    expect(shown).not.toMatch(/undefined|Calling \[to/);
  });
});
