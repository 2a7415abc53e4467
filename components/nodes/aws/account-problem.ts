import type { Problem } from "../../errors.ts";
import { type AwsRefusal, refusalIn } from "./error-text.ts";

const CREDENTIALS = "the credentials for AWS";
const NEEDED = "credentials of an account, as the AWS CLI and Pulumi find them";
const LOGIN =
  "`aws login`, `aws sso login` or `aws configure`, or name a profile in AWS_PROFILE; `aws sts get-caller-identity` tells whose they are";
const RENEW =
  "log in again, with `aws login` or `aws sso login`, or renew them where they come from";

const credentials = (got: string, fix = LOGIN): Problem => ({
  ...{ where: CREDENTIALS, got, need: NEEDED, fix },
});

/** What is said before AWS was reached, by the AWS CLI or by the provider: there is no code in it. */
const UNREACHED: readonly (readonly [RegExp, (found: RegExpExecArray) => Problem])[] = [
  [
    /config profile \((?<name>[^)]*)\) could not be found|failed to get shared config profile, (?<other>\S+)/,
    ({ groups }) =>
      credentials(`the profile ${groups?.name ?? groups?.other}, which is not configured`),
  ],
  // Before the next: the SDK says of an expired login too that credentials could not be refreshed.
  [
    /Token has expired|SSO Token\b.*does not exist|SSO session .*(expired|invalid)|refresh cached SSO token failed/i,
    () => credentials("a login that has expired", RENEW),
  ],
  [
    /Unable to locate credentials|No valid credential sources found|failed to refresh cached credentials/,
    () => credentials("none"),
  ],
  [/Invalid credentials configured/, () => credentials("some that AWS does not accept")],
  [
    /Could not connect to the endpoint URL: "(?<url>[^"]*)"|lookup (?<host>\S+).*no such host/,
    ({ groups }) => ({
      where: "the way to AWS",
      got: `no answer from ${groups?.url ?? groups?.host}`,
      need: "a region that there is, and a network that leads there",
      fix: "look at swarm-lab:aws.region, then at the network",
    }),
  ],
];

const EXPIRED = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

/** Of a login that has expired the service that renews it says so, each in its own way. */
const LOGGED_OUT = ["InvalidGrantException", "UnauthorizedException"];
const isLoggedOut = ({ code, message }: AwsRefusal) =>
  LOGGED_OUT.includes(code) || /token has expired/i.test(message);

const UNKNOWN = [
  "InvalidClientTokenId",
  "AuthFailure",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "InvalidAccessKeyId",
  "IncompleteSignature",
];
const DENIED = [
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "Client.UnauthorizedOperation",
];

/** Whether it is for want of a permission. */
export const isDenied = (refusal: AwsRefusal | undefined): boolean =>
  refusal !== undefined && DENIED.includes(refusal.code);

/** Signatures are good for a quarter of an hour. AWS has one code for a wrong one and for a late one. */
const LATE = /Signature (expired|not yet current)/;

/**
 * What is wrong with the account, the credentials or the way to AWS, in words for the person whose they are; undefined for
 * what is none of it. `text` is all that the AWS CLI or Pulumi's provider said. Pure. The texts it knows come from reports of
 * others: no account was at hand.
 */
export function accountProblem(text: string): Problem | undefined {
  const refusal = refusalIn(text);
  if (refusal === undefined) {
    for (const [pattern, tell] of UNREACHED) {
      const found = pattern.exec(text);
      if (found !== null) return tell(found);
    }
    return undefined;
  }
  const { code, operation, message } = refusal;
  if (isLoggedOut(refusal)) return credentials("a login that has expired", RENEW);
  if (EXPIRED.includes(code)) return credentials("some that have expired", RENEW);
  if (code === "RequestTimeTooSkewed" || LATE.test(message))
    return {
      where: "the clock of this machine",
      got: `a request that AWS finds out of its time: ${message}`,
      need: "a clock that is right to some minutes",
      fix: "set it, and switch on what keeps it",
    };
  if (UNKNOWN.includes(code))
    return credentials(
      `some that AWS does not accept in this region (${code})`,
      `${LOGIN}; a region that the account has not enabled says so too`,
    );
  if (isDenied(refusal)) {
    const action = /perform:? (?<action>[\w-]+:\w+)/.exec(message)?.groups?.action ?? operation;
    return {
      where: CREDENTIALS,
      got: `an identity that may not ${action}`,
      need: "the permissions that the README's chapter on AWS names",
      fix: "have them given to it, or use another profile",
    };
  }
  if (code === "OptInRequired" || code === "PendingVerification" || code === "Blocked")
    return {
      where: "the AWS account",
      got: `one that AWS does not let use this yet: ${message}`,
      need: "an account that is verified and has the service and the region enabled",
      fix: "see to it in the console of AWS, or ask AWS's support",
    };
  return undefined;
}
