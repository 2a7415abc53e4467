import { UserError } from "../../components/errors.ts";
import { LABEL_LAB } from "../../components/labels.ts";
import { askAws } from "../../components/nodes/aws/ask.ts";
import { removalOf } from "../../components/nodes/aws/leftover-removal.ts";
import { type AwsThing, describeThing, leftoversIn } from "../../components/nodes/aws/leftovers.ts";
import { iamPath } from "../../components/nodes/aws/tags.ts";
import { type Look, WaitError, waitFor } from "../lib/wait.ts";
import { type Report, timed } from "./report.ts";

/** Where a lab on AWS is, or was. */
export interface AwsSite {
  readonly lab: string;
  readonly region: string;
  /** The accounts that are on record of it; empty where nothing is. */
  readonly accounts: readonly string[];
}

const purpose = "down";

/** Seconds that the lists of AWS get to catch up. */
const PATIENCE = 180;

/** The account that the user's credentials are of. A UserError where the lab is in another: nothing of it would be found. */
async function accountFor({ region, accounts }: AwsSite): Promise<string> {
  const { Account: account } = (await askAws(["sts", "get-caller-identity"], {
    region,
    purpose,
  })) as { readonly Account: string };
  if (accounts.length === 0 || accounts.includes(account)) return account;
  throw new UserError(
    `down: got credentials of the AWS account ${account}, need those of ${accounts.join(" and ")}, where the lab is; name its profile in AWS_PROFILE and run \`npm run down\` again`,
  );
}

/** Everything on AWS that is tagged with the lab, or has its path. Four questions, side by side. */
async function find({ lab, region }: AwsSite): Promise<AwsThing[]> {
  const ask = (...words: readonly string[]) => askAws(words, { region, purpose });
  const path = ["--path-prefix", iamPath(lab)];
  const [tagged, instances, roles, profiles] = await Promise.all([
    ask(
      "resourcegroupstaggingapi",
      "get-resources",
      "--tag-filters",
      `Key=${LABEL_LAB},Values=${lab}`,
    ),
    ask("ec2", "describe-instances", "--filters", `Name=tag:${LABEL_LAB},Values=${lab}`),
    ask("iam", "list-roles", ...path),
    ask("iam", "list-instance-profiles", ...path),
  ]);
  return leftoversIn(lab, { tagged, instances, roles, profiles });
}

export interface ConfirmOptions {
  /** Whether what Pulumi had on record was destroyed, so that AWS's lists need only catch up. */
  readonly destroyed: boolean;
  readonly say: Report;
  /** Seconds between looks at them (default 10). */
  readonly interval?: number;
}

function remaining(
  { lab, region }: AwsSite,
  account: string,
  left: readonly AwsThing[],
): UserError {
  const place = { lab, region, account, all: left };
  const [things, remain] =
    left.length === 1 ? ["1 thing", "remains"] : [`${left.length} things`, "remain"];
  return new UserError(
    [
      `down: ${things} tagged ${LABEL_LAB}=${lab} ${remain} in ${region} (AWS account ${account}); instances, addresses and disks are paid for while they are there`,
      ...left.map((thing) => `  - ${describeThing(thing)}: ${removalOf(thing, place)}`),
      "run `npm run down` again: AWS's list of tags can be minutes behind, and Pulumi keeps its record; what then stays was not made by this stack, or is not on its record: delete it in this order, by these commands",
    ].join("\n"),
  );
}

/**
 * Makes sure that nothing of a lab is left in a region of AWS, and returns the account that was asked. A UserError lists what
 * is left, or says why AWS could not be asked: nothing is taken for gone unseen. How long the lists of AWS lag behind was
 * not measured, for want of an account.
 */
export async function confirmGone(
  site: AwsSite,
  { destroyed, say, interval = 10 }: ConfirmOptions,
): Promise<string> {
  const account = await accountFor(site);
  let left: readonly AwsThing[] = [];
  const look = async (): Promise<Look<string>> => {
    const found = await find(site);
    // A bucket alone: nothing else can hold what a lab leaves on purpose.
    const kept = found.filter((thing) => thing.kept !== undefined && thing.kind === "s3");
    left = found.filter((thing) => !kept.includes(thing));
    if (left.length === 0)
      for (const { id, kept: what } of kept)
        say(`kept on AWS: the bucket ${id} with the ${what} of the lab, until you delete it`);
    return left.length === 0 ? { done: account } : { waiting: `${left.length} left` };
  };
  const options = { deadline: destroyed ? PATIENCE : 0, interval };
  return timed(
    `asking AWS what is left in ${site.region}`,
    () =>
      waitFor("leftovers", look, options).catch((error: unknown) => {
        throw error instanceof WaitError ? remaining(site, account, left) : error;
      }),
    say,
  );
}
