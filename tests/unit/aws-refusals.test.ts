import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import { awsProblem } from "../../components/nodes/aws/refusal-problem.ts";
import { REFUSALS } from "../../components/nodes/aws/refusals.ts";

/** As Pulumi's provider tells it, with a request id that is nobody's. */
const told = (what: string, operation: string, code: string, message: string, service = "EC2") =>
  `1 error occurred:\n\t* ${what}: operation error ${service}: ${operation}, https response error StatusCode: 400, RequestID: f5620d69-168d-41c0-ac2b-070fa64e0707, ${code}: ${message}\n\n`;
const INSTANCE = ["creating EC2 Instance", "RunInstances"] as const;
const SUBNET = ["creating EC2 Subnet", "CreateSubnet"] as const;
const ON = "; `npm run up` goes on from there";
const QUOTA = `make the lab smaller, remove what nobody needs, or ask AWS for more (Service Quotas in its console)${ON}`;

/** The sentences of AWS as they stand in reports of others, and what a person reads in their place. */
const CASES: readonly (readonly [title: string, text: string, sentence: string])[] = [
  [
    "too many vCPUs",
    told(
      ...INSTANCE,
      "api error VcpuLimitExceeded",
      "You have requested more vCPU capacity than your current vCPU limit of 16 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    ),
    `the AWS account's quota of vCPUs: got more of them than it allows in the region, need what is within it (16), together with what the account has already; ${QUOTA}`,
  ],
  [
    "too many addresses",
    told(
      "creating EC2 EIP",
      "AllocateAddress",
      "api error AddressLimitExceeded",
      "The maximum number of addresses has been reached.",
    ),
    `the AWS account's quota of Elastic IP addresses, one for each node: got more of them than it allows in the region, need what is within it (AWS does not say how many), together with what the account has already; ${QUOTA}`,
  ],
  [
    "one VPC too many",
    told(
      "creating EC2 VPC",
      "CreateVpc",
      "api error VpcLimitExceeded",
      "The maximum number of VPCs has been reached.",
    ),
    `the AWS account's quota of VPCs: got more of them than it allows in the region, need what is within it (AWS does not say how many), together with what the account has already; ${QUOTA}`,
  ],
  [
    "a type that a zone does not offer",
    told(
      ...INSTANCE,
      "api error Unsupported",
      "Your requested instance type (t3.micro) is not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone or choosing us-east-1a, us-east-1b.",
    ),
    "swarm-lab:aws.instanceType: got t3.micro, which us-east-1e does not offer, need a type that every zone of the lab offers (this one: us-east-1a, us-east-1b); choose another type, or leave that zone out of swarm-lab:zones",
  ],
  [
    "a type of which none is left",
    told(
      ...INSTANCE,
      "api error InsufficientInstanceCapacity",
      "We currently do not have sufficient t4g.xlarge capacity in the Availability Zone you requested (eu-north-1a). Our system will be working on provisioning additional capacity. You can currently get t4g.xlarge capacity by not specifying an Availability Zone in your request or choosing eu-north-1b, eu-north-1c.",
    ),
    "swarm-lab:aws.instanceType: got t4g.xlarge, of which AWS has none left in eu-north-1a, need a type that is to be had there now; wait, as `npm run up` goes on from there, or choose another type or zone",
  ],
  [
    "a type that a free account may not use",
    told(
      ...INSTANCE,
      "api error InvalidParameterCombination",
      "The specified instance type is not eligible for Free Tier.",
    ),
    "swarm-lab:aws.instanceType: got a type that AWS refuses (The specified instance type is not eligible for Free Tier.), need one that the region has and that the account may use; `aws ec2 describe-instance-types` lists them",
  ],
  [
    "a type that there is not",
    told(
      ...INSTANCE,
      "api error InvalidParameterValue",
      "Invalid value 't9.small' for InstanceType.",
    ),
    "swarm-lab:aws.instanceType: got a type that AWS refuses (Invalid value 't9.small' for InstanceType.), need one that the region has and that the account may use; `aws ec2 describe-instance-types` lists them",
  ],
  [
    "a zone that the region does not have",
    told(
      ...SUBNET,
      "api error InvalidParameterValue",
      "Value (us-east-1c) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-east-1d, us-east-1a.",
    ),
    "swarm-lab:zones: got us-east-1c, where the account can have no subnet, need zones among us-east-1d, us-east-1a; choose among them, or another region in swarm-lab:aws.region",
  ],
  [
    "a range in use",
    told(
      ...SUBNET,
      "api error InvalidSubnet.Conflict",
      "The CIDR '10.0.102.0/24' conflicts with another subnet",
    ),
    `swarm-lab:network.subnet: got 10.0.102.0/24, which another subnet of the VPC has, need a VPC in which nobody but the lab makes subnets; remove that subnet${ON}`,
  ],
  [
    "a range that AWS does not take",
    told(
      "creating EC2 VPC",
      "CreateVpc",
      "api error InvalidVpc.Range",
      "The CIDR '10.0.0.0/8' is invalid.",
    ),
    "swarm-lab:network.subnet: got a range that AWS does not take (The CIDR '10.0.0.0/8' is invalid.), need a private one from /16 to /22, such as 10.20.0.0/16; choose another, or set it to auto",
  ],
  [
    "an address in use",
    told(
      "creating EC2 Network Interface",
      "CreateNetworkInterface",
      "api error InvalidIPAddress.InUse",
      "Address 10.210.3.11 is in use.",
    ),
    `swarm-lab:network.subnet: got 10.210.3.11, which something else in its subnet has, need the fixed addresses of the nodes, free; \`aws ec2 describe-network-interfaces\` tells what has it: remove that${ON}`,
  ],
  [
    "no parameter of Debian's",
    `invocation of aws:ssm/getParameter:getParameter returned an error: invoking aws:ssm/getParameter:getParameter: ${told("reading SSM Parameter (/aws/service/debian/release/13/latest/amd64)", "GetParameter", "ParameterNotFound", "", "SSM")}`,
    "the image of Debian 13: got none in the region (Debian has no parameter for it there), need the one that Debian publishes for each region and architecture; choose another region in swarm-lab:aws.region",
  ],
  [
    "an image that is gone",
    told(
      ...INSTANCE,
      "api error InvalidAMIID.NotFound",
      "The image id '[ami-0abc]' does not exist",
    ),
    "the image of Debian 13: got none in the region (The image id '[ami-0abc]' does not exist), need the one that Debian publishes for each region and architecture; choose another region in swarm-lab:aws.region",
  ],
  [
    "an instance that is protected",
    told(
      "terminating EC2 Instance (i-31cbe4f6)",
      "TerminateInstances",
      "api error OperationNotPermitted",
      "The instance 'i-31cbe4f6' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
    ),
    "swarm-lab:aws.protected: got true when i-31cbe4f6 was made, which refuses to be terminated, need false before the instance goes; set it to false, and then `npm run down`, or `npm run up` and this again",
  ],
  [
    "a subnet that something is in",
    told(
      "deleting EC2 Subnet (subnet-1)",
      "DeleteSubnet",
      "api error DependencyViolation",
      "The subnet 'subnet-1' has dependencies and cannot be deleted.",
    ),
    "what the lab made on AWS: got something that others still use (The subnet 'subnet-1' has dependencies and cannot be deleted.), need nothing of others within the lab's VPC; remove what was made there by hand, and do this again",
  ],
  [
    "a bucket's name that somebody else has",
    `1 error occurred:\n\t* creating S3 Bucket (dev): operation error S3: CreateBucket, https response error StatusCode: 409, RequestID: ABC, HostID: a1/b2+c3=, BucketAlreadyExists: \n`,
    "swarm-lab:aws.bucket.name: got the name of a bucket that somebody else has, need one that nobody has: all accounts share the names; choose another, such as one with the number of your account in it",
  ],
  [
    "backups in a bucket that there is not",
    "An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist",
    "swarm-lab:backup.directory: got a bucket that there is not (The specified bucket does not exist), need one that is there; make it, as swarm-lab:aws.bucket does with provider aws, or correct its name",
  ],
  [
    "too many requests",
    told(
      "reading EC2 VPC (vpc-1)",
      "DescribeVpcs",
      "api error RequestLimitExceeded",
      "Request limit exceeded.",
    ),
    `AWS: got more requests than it takes at a time (DescribeVpcs), need fewer from this account; wait some minutes${ON}`,
  ],
  [
    "an instance whose agent is not there yet",
    "An error occurred (InvalidInstanceId) when calling the SendCommand operation: Instances [[i-0abc1234]] not in a valid state for account 111122223333",
    "an instance's agent of Systems Manager: got none on i-0abc1234 that AWS hears, need it, some minutes after the instance started; wait, and look at the instance's system log in EC2's console: cloud-init installs it there",
  ],
  [
    "credentials that may not",
    told(
      "creating EC2 VPC",
      "CreateVpc",
      "api error UnauthorizedOperation",
      "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/u is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:eu-central-1:111122223333:vpc/*",
    ),
    "the credentials for AWS: got an identity that may not ec2:CreateVpc, need the permissions that the README's chapter on AWS names; have them given to it, or use another profile",
  ],
];

describe("what AWS refuses is told in one sentence, with what to do", () => {
  test.each(CASES)("%s", (_, text, sentence) => {
    const problem = awsProblem(text);
    expect(problem && describeProblem(problem)).toBe(sentence);
  });

  test.each(Object.keys(REFUSALS))("%s, also where AWS words it another way", (code) => {
    const problem = awsProblem(told("making x", "DoThis", `api error ${code}`, "Out of luck."));
    if (problem === undefined) {
      // One code for several things: which of them it is only the sentence tells.
      expect(["InvalidParameterValue", "OperationNotPermitted"]).toContain(code);
      return;
    }
    const sentence = describeProblem(problem);
    expect(problem.fix).toBeTruthy();
    expect(sentence).not.toMatch(/undefined|\n/);
  });
});

test.each([
  ["a refusal that nobody foresaw", told(...INSTANCE, "api error Whatever", "Strange.")],
  [
    "a wrong value of another kind",
    told(...INSTANCE, "api error InvalidParameterValue", "Value (x) for parameter y is invalid."),
  ],
  [
    "what is not permitted for another reason",
    told(...INSTANCE, "api error OperationNotPermitted", "This account is suspended."),
  ],
  ["what is no refusal", "timeout while waiting for state to become 'running'"],
])("%s is left as it is", (_, text) => {
  expect(awsProblem(text)).toBeUndefined();
});
