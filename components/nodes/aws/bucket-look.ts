import { describeProblem, UserError } from "../../errors.ts";
import { type Question, tryAws } from "./ask.ts";

/** What S3 answers with instead of a code, to a question whose answer has no body. */
const [NO_BUCKET, NOT_YOURS] = ["404", "403"];

/**
 * Whether there is a bucket of this name already that the user's credentials reach. A UserError where somebody else has the
 * name, as all accounts share them.
 */
export async function isBucketThere(bucket: string, question: Question): Promise<boolean> {
  const words = ["s3api", "head-bucket", "--bucket", bucket];
  const result = await tryAws(words, question);
  if ("answer" in result) return true;
  const code = result.refusal?.code;
  if (code === NO_BUCKET || code === "NoSuchBucket") return false;
  if (code !== NOT_YOURS) throw result.error;
  throw new UserError(
    describeProblem({
      where: "swarm-lab:aws.bucket.name",
      got: `${bucket}, a bucket that these credentials may not reach`,
      need: "a name that nobody has, or a bucket of your own",
      fix: "choose another, such as one with the number of your account in it",
    }),
  );
}
