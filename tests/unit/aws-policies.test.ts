import { describe, expect, test } from "vitest";
import {
  bucketPolicy,
  instancePolicy,
  partitionOf,
  registryPolicy,
  trustPolicy,
} from "../../components/nodes/aws/policies.ts";
import { tooWide } from "../support/policy-judge.ts";

const REGION = "eu-central-1";

describe("the policies of a lab on AWS", () => {
  test.each([
    ["whom the role trusts", trustPolicy()],
    ["what an instance may do", instancePolicy()],
    ["what an instance with the registry may do", registryPolicy("images", REGION)],
    ["the bucket's", bucketPolicy("backups", REGION)],
  ])("allow nothing too widely: %s", (_, policy) => {
    expect(tooWide(JSON.stringify(policy))).toEqual([]);
  });

  test("give the role to EC2 alone", () => {
    expect(trustPolicy().Statement).toEqual([
      {
        Sid: "Instances",
        Effect: "Allow",
        Principal: { Service: "ec2.amazonaws.com" },
        Action: ["sts:AssumeRole"],
      },
    ]);
  });

  test("let an instance read no parameter, secret or bucket", () => {
    const actions = instancePolicy().Statement.flatMap(({ Action }) => Action);
    expect(actions).toHaveLength(11);
    for (const action of actions) expect(action).toMatch(/^(ssm|ec2)messages:|^ssm:Update/);
  });

  test("let an instance with the registry use that bucket, what it needs and no more", () => {
    const [, , bucket, images, ...others] = registryPolicy("images", REGION).Statement;
    expect(others).toEqual([]);
    expect(bucket?.Resource).toEqual(["arn:aws:s3:::images"]);
    expect(images?.Resource).toEqual(["arn:aws:s3:::images/*"]);
    const actions = [...(bucket?.Action ?? []), ...(images?.Action ?? [])];
    expect(actions).toHaveLength(8);
    // Settings of the bucket, its policy and access lists among them, are nothing to it.
    for (const action of actions)
      expect(action).toMatch(/^s3:(List|Abort|(Get|Put|Delete)Object$|GetBucketLocation$)/);
    const china = registryPolicy("images", "cn-north-1").Statement;
    expect(china.at(-1)?.Resource).toEqual(["arn:aws-cn:s3:::images/*"]);
  });

  test("refuse the bucket to whoever comes without TLS, and allow nothing", () => {
    const { Statement } = bucketPolicy("backups", REGION);
    expect(Statement.map(({ Effect }) => Effect)).toEqual(["Deny", "Deny"]);
    expect(Statement.map(({ Condition }) => Condition)).toEqual([
      { Bool: { "aws:SecureTransport": "false" } },
      { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    ]);
    for (const { Resource } of Statement)
      expect(Resource).toEqual(["arn:aws:s3:::backups", "arn:aws:s3:::backups/*"]);
  });

  test.each([
    ["eu-central-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("know the partition of %s: %s", (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
    expect(bucketPolicy("backups", region).Statement[0]?.Resource).toContain(
      `arn:${partition}:s3:::backups`,
    );
  });
});

describe("the judge of policies", () => {
  const policy = (statement: object, Version = "2012-10-17") =>
    JSON.stringify({
      Version,
      Statement: [{ Sid: "S", Effect: "Allow", Action: ["s3:GetObject"], ...statement }],
    });

  test.each([
    ["every action on every resource", { Action: ["*"], Resource: ["*"] }, "S allows *"],
    ["every action of a service", { Action: ["s3:*"], Resource: ["arn:x"] }, "S allows s3:*"],
    ["all that begin alike", { Action: ["s3:Get*"], Resource: ["arn:x"] }, "S allows s3:Get*"],
    ["one on every resource", { Resource: ["*"] }, "S allows s3:GetObject on every resource"],
    ["anybody", { Principal: "*", Resource: ["arn:x"] }, "S allows anybody"],
  ])("finds %s", (_, statement, fault) => {
    expect(tooWide(policy(statement))).toContain(fault);
  });

  test("finds an old version, in which conditions mean something else, and an empty policy", () => {
    expect(tooWide(policy({ Resource: ["arn:x"] }, "2008-10-17"))).toEqual(["version 2008-10-17"]);
    expect(tooWide('{"Version":"2012-10-17","Statement":[]}')).toEqual(["no statement"]);
  });

  test("lets one named action on one resource pass", () => {
    expect(tooWide(policy({ Resource: ["arn:x"] }))).toEqual([]);
  });
});
