import { describeProblem, type Problem, UserError } from "../../errors.ts";
import { type Captured, capture } from "../../process.ts";
import { type AwsRefusal, refusalIn } from "./error-text.ts";
import { awsProblem } from "./refusal-problem.ts";

export interface Question {
  /** The region that is asked, or one of its partition for services that have none; absent: S3 finds it by the bucket. */
  readonly region?: string;
  /** What is being done, for the message: `down`, `the preflight`. */
  readonly purpose: string;
}

/** The AWS CLI is not part of this project: credentials of every kind, and Session Manager, go through it. */
const MISSING: Problem = {
  where: "the AWS CLI",
  got: "no command aws on PATH",
  need: "version 1.29 or 2.13, or a newer one",
  fix: "install it as AWS's user guide says (`aws --version` tells that it is there)",
};

/** Why the AWS CLI had no answer; undefined where it is nothing that is known here. Pure. */
export const askProblem = ({ code, stderr }: Captured): Problem | undefined =>
  code === 127 ? MISSING : awsProblem(stderr);

/** The same as one UserError, whatever it is. Pure. */
export function askFailure(purpose: string, words: readonly string[], result: Captured): UserError {
  const { code, stderr } = result;
  const problem = askProblem(result);
  if (problem !== undefined) return new UserError(`${purpose}: ${describeProblem(problem)}`);
  const last = stderr.trim().split("\n").at(-1) || `exit code ${code}`;
  return new UserError(
    `${purpose}: aws ${words.slice(0, 2).join(" ")}: got "${last}", need an answer of AWS; remove the cause and try again`,
  );
}

/** What AWS answered, as JSON, or why it did not. */
export type Answer =
  | { readonly answer: unknown }
  | { readonly error: UserError; readonly refusal: AwsRefusal | undefined };

/**
 * Asks AWS through the AWS CLI, with the user's own credentials. Whoever asks only reads. Throws only when the command cannot
 * be started at all.
 */
export async function tryAws(
  words: readonly string[],
  { region, purpose }: Question,
): Promise<Answer> {
  const where = region === undefined ? [] : ["--region", region];
  const args = [...words, ...where, "--output", "json"];
  // A pager would wait for a key.
  const result = await capture("aws", args, { env: { AWS_PAGER: "" }, timeout: 120_000 });
  if (result.code !== 0)
    return { error: askFailure(purpose, words, result), refusal: refusalIn(result.stderr) };
  // Some answer nothing at all when there is nothing.
  return { answer: JSON.parse(result.stdout.trim() || "{}") };
}

/** As `tryAws`, but what is no answer is thrown as a UserError. */
export async function askAws(words: readonly string[], question: Question): Promise<unknown> {
  const result = await tryAws(words, question);
  if ("error" in result) throw result.error;
  return result.answer;
}
