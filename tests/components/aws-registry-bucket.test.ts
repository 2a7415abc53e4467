import { beforeAll, describe, expect, test } from "vitest";
import { bucketPolicy } from "../../components/nodes/aws/policies.ts";
import { AwsRegistryBucket } from "../../components/nodes/aws/registry-bucket.ts";
import { ARGS } from "../support/component-args.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { tooWide } from "../support/policy-judge.ts";
import { clearText, UNKNOWN } from "../support/properties.ts";
import type { Recording } from "../support/recording.ts";

const bucket = "lab-dev-registry-0a1b2c3d4e";
const build = (preview = false) =>
  record(() => new AwsRegistryBucket("b", ARGS.AwsRegistryBucket()), { preview });

describe("a bucket for the registry's images", () => {
  let recording: Recording;
  let made: AwsRegistryBucket;
  beforeAll(async () => {
    ({ recording, made } = await build());
  });

  test("is encrypted, closed to the public, tagged with the lab's end, and nothing more", () => {
    const seen = recording.custom.map(({ name, inputs }) => [name, inputs] as const);
    const { "b-policy": policy, ...others } = Object.fromEntries(seen);
    expect(others).toEqual({
      "b-aws": expect.objectContaining({ region: "eu-central-1" }),
      "b-bucket": {
        ...{ bucket, forceDestroy: true },
        tags: {
          ...{ team: "blue", "swarm-lab.lab": "dev", Name: "dev-registry" },
          "swarm-lab.begun": "2026-01-31T12:00:00Z",
          "swarm-lab.expires": "2026-02-01T12:00:00Z",
        },
      },
      "b-access": {
        ...{ bucket, blockPublicAcls: true, blockPublicPolicy: true },
        ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
      },
      "b-ownership": { bucket, rule: { objectOwnership: "BucketOwnerPreferred" } },
      "b-encryption": {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      "b-lifecycle": {
        bucket,
        rules: [
          {
            ...{ id: "unfinished", status: "Enabled", filter: {} },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
    });
    expect(policy?.bucket).toBe(bucket);
  });

  test("is reached by TLS alone", () => {
    const policy = String(recording.one("b-policy").inputs.policy);
    expect(tooWide(policy)).toEqual([]);
    expect(JSON.parse(policy)).toEqual(bucketPolicy(bucket, "eu-central-1"));
  });

  test("goes with its lab", () => {
    const own = recording.custom.filter(({ type }) => type.startsWith("aws:"));
    expect(own).toHaveLength(6);
    for (const { name, options } of own) expect(options.retainOnDelete, name).toBe(false);
  });

  test("is set up one step after the other, and is known once all are done", async () => {
    const order = ["bucket", "access", "ownership", "encryption", "policy", "lifecycle"];
    for (const [at, step] of order.slice(1).entries())
      expect(recording.dependencies(recording.one(`b-${step}`)), step).toContain(`b-${order[at]}`);
    expect(await promiseOf(made.bucketName)).toBe(bucket);
  });

  test("is known whole at the first preview", async () => {
    const { recording: preview } = await build(true);
    const shown = preview.custom.map(({ wire }) => clearText(wire)).join("\n");
    expect(shown).not.toContain(UNKNOWN);
    expect(shown).not.toMatch(/undefined|Calling \[to/);
  });
});
