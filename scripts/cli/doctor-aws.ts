import { UserError } from "../../components/errors.ts";
import { askProblem } from "../../components/nodes/aws/ask.ts";
import { lookAtAccount } from "../../components/nodes/aws/look.ts";
import { capture } from "../../components/process.ts";
import { wishOf } from "../../stacks/aws-wish.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { type AwsFound, awsRows } from "./doctor-aws-rows.ts";
import type { Row } from "./doctor-rows.ts";

/** The account as the preflight of `up` sees it, or why it cannot be seen. */
async function look(config: LabConfig): Promise<AwsFound["account"]> {
  const wish = wishOf(config);
  // Whose the credentials are: the one question that needs no permission, so what fails here is credentials or the way.
  const words = ["sts", "get-caller-identity", "--region", wish.placement.region];
  const asked = await capture("aws", [...words, "--output", "json"], {
    ...{ env: { AWS_PAGER: "" }, timeout: 120_000 },
  });
  const said = asked.stderr.trim().split("\n").at(-1) || `exit code ${asked.code}`;
  const where = "the AWS account";
  const need = "answers of AWS to what the preflight of `up` asks";
  if (asked.code !== 0) return { problem: askProblem(asked) ?? { where, got: said, need } };
  try {
    return { facts: await lookAtAccount(config.lab, wish), wish };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problem: { where, got: error.message, need } };
  }
}

/**
 * Looks at what a lab on AWS needs beside this machine: the tools of AWS, the credentials, and the account in its region.
 * Changes nothing, and shows no credential.
 */
export async function lookAtAws(config: LabConfig): Promise<Row[]> {
  const [cli, plugin, account] = await Promise.all([
    capture("aws", ["--version"]),
    capture("session-manager-plugin", ["--version"]),
    look(config),
  ]);
  return awsRows({
    // `aws-cli/2.13.0 Python/3.11 ...`; the first of them printed it where errors go.
    cli: cli.code === 0 ? `${cli.stdout}${cli.stderr}`.trim().split(" ")[0] : undefined,
    plugin: plugin.code === 0 ? plugin.stdout.trim() || "there" : undefined,
    ...(config.aws.ssh === undefined ? {} : { ssh: config.aws.ssh }),
    account,
  });
}
