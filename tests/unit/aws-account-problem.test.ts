import { describe, expect, test } from "vitest";
import { describeProblem } from "../../components/errors.ts";
import { accountProblem } from "../../components/nodes/aws/account-problem.ts";
import { askFailure } from "../../components/nodes/aws/ask.ts";
import { refusalIn } from "../../components/nodes/aws/error-text.ts";

/** As the provider tells it, with a request id that is nobody's. */
const sdk = (service: string, operation: string, status: number, rest: string) =>
  `operation error ${service}: ${operation}, https response error StatusCode: ${status}, RequestID: 0b0a3693-2bcd-4110-ac5c-d82205dbc300, ${rest}`;
const cli = (code: string, operation: string, message: string) =>
  `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`;

describe("a refusal of AWS is found", () => {
  test.each([
    [
      "in the words of the AWS CLI",
      cli("VpcLimitExceeded", "CreateVpc", "The maximum number of VPCs has been reached."),
      ["VpcLimitExceeded", "CreateVpc", "The maximum number of VPCs has been reached."],
    ],
    [
      "in those of its newer version, after it tried more than once",
      `aws: [ERROR]: ${cli("Throttling", "ListRoles", "Rate exceeded").trim().replace("operation:", "operation (reached max retries: 4):")}`,
      ["Throttling", "ListRoles", "Rate exceeded"],
    ],
    [
      "in the provider's",
      `creating EC2 EIP: ${sdk("EC2", "AllocateAddress", 400, "api error AddressLimitExceeded: The maximum number of addresses has been reached.")}`,
      [
        ...["AddressLimitExceeded", "AllocateAddress"],
        "The maximum number of addresses has been reached.",
      ],
    ],
    [
      "in the provider's of an error that has a type",
      `reading SSM Parameter (/x): ${sdk("SSM", "GetParameter", 400, "ParameterNotFound: ")}`,
      ["ParameterNotFound", "GetParameter", ""],
    ],
    [
      "in the provider's of S3, which names its host as well",
      `creating S3 Bucket (b): ${sdk("S3", "CreateBucket", 409, "HostID: a1/b2+c3=, BucketAlreadyExists: ")}\n more`,
      ["BucketAlreadyExists", "CreateBucket", ""],
    ],
  ])("%s", (_, text, [code, operation, message]) => {
    expect(refusalIn(text)).toEqual({ code, operation, message });
  });

  test("in nothing else", () => {
    const other = "error: update failed: 1 error occurred: * creating EC2 Instance: timeout";
    expect(refusalIn(other)).toBeUndefined();
    expect(accountProblem(other)).toBeUndefined();
  });
});

describe("what is wrong with an account", () => {
  test.each([
    ['Unable to locate credentials. You can configure credentials by running "aws login".', "none"],
    [
      "pulumi:providers:aws resource 'nodes-aws' has a problem: No valid credential sources found.",
      "none",
    ],
    ["The config profile (lab) could not be found", "the profile lab, which is not configured"],
    ["failed to get shared config profile, lab", "the profile lab, which is not configured"],
    [
      "Error when retrieving token from sso: Token has expired and refresh failed",
      "a login that has expired",
    ],
    [
      "Error loading SSO Token: Token for https://x.awsapps.com/start does not exist",
      "a login that has expired",
    ],
    [
      `get credentials: failed to refresh cached credentials, refresh cached SSO token failed, unable to refresh SSO token, ${sdk("SSO OIDC", "CreateToken", 400, "InvalidGrantException: ")}`,
      "a login that has expired",
    ],
    [
      "failed to refresh cached credentials, refresh cached SSO token failed, open /root/x: no such file",
      "a login that has expired",
    ],
    [
      cli("AccessDeniedException", "CreateOAuth2Token", "The refresh token has expired."),
      "a login that has expired",
    ],
    [
      sdk("SSO", "GetRoleCredentials", 401, "UnauthorizedException: Session token not found"),
      "a login that has expired",
    ],
    [
      "failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled",
      "none",
    ],
    ["resource 'nodes-aws' has a problem: Invalid credentials configured.", "some that AWS does"],
    [
      cli(
        ...(["ExpiredToken", "GetCallerIdentity"] as const),
        "The security token included in the request is expired",
      ),
      "some that have expired",
    ],
    [
      `validating provider credentials: retrieving caller identity from STS: ${sdk("STS", "GetCallerIdentity", 403, "api error InvalidClientTokenId: The security token included in the request is invalid.")}`,
      "some that AWS does not accept in this region (InvalidClientTokenId)",
    ],
    [
      cli(
        ...(["AuthFailure", "DescribeInstances"] as const),
        "AWS was not able to validate the provided access credentials",
      ),
      "some that AWS does not accept in this region (AuthFailure)",
    ],
    [
      cli(
        ...(["UnauthorizedOperation", "DescribeInstances"] as const),
        "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/u is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action",
      ),
      "an identity that may not ec2:DescribeInstances",
    ],
    [
      `creating EC2 VPC: ${sdk("EC2", "CreateVpc", 403, "api error UnauthorizedOperation: You are not authorized to perform this operation.")}`,
      "an identity that may not CreateVpc",
    ],
    [
      cli(
        ...(["SignatureDoesNotMatch", "ListRoles"] as const),
        "Signature expired: 20260131T120000Z is now earlier than 20260131T121500Z (20260131T123000Z - 15 min.)",
      ),
      "a request that AWS finds out of its time: Signature expired",
    ],
    [
      'Could not connect to the endpoint URL: "https://ec2.eu-central-9.amazonaws.com/"',
      "no answer from https://ec2.eu-central-9.amazonaws.com/",
    ],
    [
      cli(
        ...(["OptInRequired", "RunInstances"] as const),
        "You are not subscribed to this service.",
      ),
      "one that AWS does not let use this yet: You are not subscribed",
    ],
  ])("is told of words such as theirs, %#", (text, got) => {
    const problem = accountProblem(text);
    expect(problem?.got).toContain(got);
    expect(problem?.fix).toBeTruthy();
  });

  test("is one sentence with what to do", () => {
    const problem = accountProblem("Unable to locate credentials");
    expect(problem && describeProblem(problem)).toBe(
      "the credentials for AWS: got none, need credentials of an account, as the AWS CLI and Pulumi find them; `aws login`, `aws sso login` or `aws configure`, or name a profile in AWS_PROFILE; `aws sts get-caller-identity` tells whose they are",
    );
  });
});

describe("the AWS CLI", () => {
  const failed = (code: number, stderr: string) =>
    askFailure("down", ["ec2", "describe-instances", "--x"], { code, stderr, stdout: "" });

  test("that is not there is said to be", () => {
    expect(failed(127, "aws: command not found").message).toBe(
      "down: the AWS CLI: got no command aws on PATH, need version 1.29 or 2.13, or a newer one; install it as AWS's user guide says (`aws --version` tells that it is there)",
    );
  });

  test("that AWS refuses tells why, and in its own words what nobody foresaw", () => {
    expect(failed(254, "Unable to locate credentials").message).toMatch(/^down: the credentials/);
    expect(failed(255, "first\nstrange words\n").message).toBe(
      'down: aws ec2 describe-instances: got "strange words", need an answer of AWS; remove the cause and try again',
    );
    expect(failed(3, "").message).toContain('got "exit code 3"');
  });
});
