import type { Problem } from "../../components/errors.ts";
import type { AwsFacts, AwsWish } from "../../components/nodes/aws/account-facts.ts";
import { accountNotes, accountProblems } from "../../components/nodes/aws/judge.ts";
import { isWithin, quotaUses } from "../../components/nodes/aws/quotas.ts";
import { problemRow, type Row, row } from "./doctor-rows.ts";

/** What was found of AWS and its tools. */
export interface AwsFound {
  /** What the AWS CLI says that it is; undefined: it is not there. */
  readonly cli: string | undefined;
  /** The version of session-manager-plugin; undefined: it is not there. */
  readonly plugin: string | undefined;
  /** The network from which SSH is open; absent: none. */
  readonly ssh?: string;
  readonly account:
    | { readonly facts: AwsFacts; readonly wish: AwsWish }
    | { readonly problem: Problem };
}

const CLI_MEANS =
  "no preflight, no command on a node, no look at what `down` leaves, no backups in a bucket: install it as AWS's user guide says";
const PLUGIN_MEANS =
  "no command on a node, as SSH is closed: install it as AWS's user guide says, or set aws.ssh to the network of this machine";

function toolRows({ cli, plugin, ssh }: AwsFound): Row[] {
  const session = ssh === undefined ? "not there" : `not there; SSH is open to ${ssh}`;
  return [
    row("AWS CLI", cli !== undefined, cli ?? "no command aws on PATH", "problem", CLI_MEANS),
    row(
      "session-manager-plugin",
      plugin !== undefined || ssh !== undefined,
      plugin ?? session,
      "problem",
      PLUGIN_MEANS,
    ),
  ];
}

/** What the account has for the lab, and every reason why it cannot have it. */
function accountRows(facts: AwsFacts, wish: AwsWish): Row[] {
  const { region } = wish.placement;
  const zones = facts.zones?.map((zone) => zone.slice(region.length)).join(", ");
  const quotas = quotaUses(facts, wish).filter(isWithin);
  return [
    row("AWS credentials", true, `of account ${facts.account}`, "problem", ""),
    ...(zones ? [row("AWS region", true, `${region}, zones ${zones}`, "problem", "")] : []),
    ...quotas.map(({ what, needed, others, quota }) => {
      const found = `${needed} for this lab and ${others} of others, of ${quota}`;
      return row(`AWS quota: ${what}`, true, found, "problem", "");
    }),
    ...accountProblems(facts, wish).map((problem) => problemRow(problem)),
    ...accountNotes(facts, wish).map((note) => problemRow(note, "lack")),
  ];
}

/** Judges what was found of AWS. Without the AWS CLI nothing else can be said, and no second row says so. */
export function awsRows(found: AwsFound): Row[] {
  const { account } = found;
  if (found.cli === undefined) return toolRows(found);
  if ("problem" in account) return [...toolRows(found), problemRow(account.problem)];
  return [...toolRows(found), ...accountRows(account.facts, account.wish)];
}
