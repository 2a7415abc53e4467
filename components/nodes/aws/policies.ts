/**
 * IAM and bucket policies of a lab on AWS, as plain data. Whoever is on an instance may use its role, and a task that
 * breaks out of its container is: so the role can nothing but what AWS's agent on it needs, and where there is a registry on S3
 * what the registry needs of its own bucket.
 */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

const document = (...Statement: readonly PolicyStatement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement,
});

/** The partition of a region: the second word of every ARN there. */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Who may take the role of a node: EC2, for its instances. */
export const trustPolicy = (): PolicyDocument =>
  document({
    Sid: "Instances",
    Effect: "Allow",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: ["sts:AssumeRole"],
  });

/**
 * What an instance may do: let Session Manager and Run Command in. The first actions are those that AWS's user guide gives as
 * the least for Session Manager ("Create a custom IAM role for Session Manager"), without those for logs; the second ones
 * bring commands and take their answers back, which newer agents do by the first alone. AWS's managed policy for the purpose
 * also reads every parameter of the account. All are about the instance that calls, and are given for no resource in
 * particular.
 */
export const instancePolicy = (): PolicyDocument =>
  document(
    {
      Sid: "SessionManager",
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: ["*"],
    },
    {
      Sid: "RunCommand",
      Effect: "Allow",
      Action: [
        ...["ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage"],
        ...["ec2messages:FailMessage", "ec2messages:GetEndpoint"],
        ...["ec2messages:GetMessages", "ec2messages:SendReply"],
      ],
      Resource: ["*"],
    },
  );

/**
 * What an instance that runs the registry may do besides: use the bucket of the images, and no other. These are the actions
 * that the registry's documentation of its S3 driver gives ("S3 permission scopes").
 */
export function registryPolicy(bucket: string, region: string): PolicyDocument {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return document(
    ...instancePolicy().Statement,
    {
      ...{ Sid: "RegistryBucket", Effect: "Allow", Resource: [arn] },
      Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
    },
    {
      ...{ Sid: "RegistryImages", Effect: "Allow", Resource: [`${arn}/*`] },
      Action: [
        ...["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
        ...["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
      ],
    },
  );
}

/**
 * What nobody may do with a bucket of the lab's, its owner neither: reach it without TLS, or by a version of it before
 * 1.2. It allows nothing, so that what a user's own IAM policies do not give stays closed.
 */
export function bucketPolicy(bucket: string, region: string): PolicyDocument {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  const deny = (Sid: string, Condition: PolicyStatement["Condition"]): PolicyStatement => ({
    ...{ Sid, Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource: [arn, `${arn}/*`] },
    Condition,
  });
  return document(
    deny("WithoutTls", { Bool: { "aws:SecureTransport": "false" } }),
    deny("OldTls", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  );
}
