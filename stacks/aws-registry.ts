import { describeProblem, UserError } from "../components/errors.ts";
import { askAws } from "../components/nodes/aws/ask.ts";
import { isBucketThere } from "../components/nodes/aws/bucket-look.ts";
import { registryBucketName } from "../components/nodes/aws/names.ts";
import type { AwsRecord } from "../scripts/cli/aws-record.ts";
import type { LabConfig } from "./config/resolved.ts";

const purpose = "the preflight";

/** The account that the lab is in, or is to be in. */
async function accountOf(region: string, accounts: readonly string[]): Promise<string> {
  const [recorded] = accounts;
  if (recorded !== undefined) return recorded;
  const answer = await askAws(["sts", "get-caller-identity"], { region, purpose });
  return (answer as { readonly Account: string }).Account;
}

/**
 * Name of the bucket of the registry's images; undefined where they are on a volume. It goes with the lab, so one that is
 * there without being on the lab's record is refused with a UserError: what is in it is somebody's.
 */
export async function registryBucketOf(
  { lab, registry }: LabConfig,
  region: string,
  { accounts, passing }: Pick<AwsRecord, "accounts" | "passing">,
): Promise<string | undefined> {
  if (!registry.enabled || registry.storage !== "s3") return undefined;
  const bucket =
    registry.bucket ?? registryBucketName(lab, region, await accountOf(region, accounts));
  if (passing.includes(bucket) || !(await isBucketThere(bucket, { region, purpose })))
    return bucket;
  throw new UserError(
    describeProblem({
      where: "swarm-lab:registry.bucket",
      got: `${bucket}, a bucket that is there already`,
      need: "one that is the lab's alone: it is deleted with the lab, and all in it",
      fix: "choose another name, or remove that bucket if nothing in it is needed",
    }),
  );
}
