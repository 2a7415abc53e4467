import { z } from "zod";
import { UserError } from "../../components/errors.ts";
import { askAws, type Question, tryAws } from "../../components/nodes/aws/ask.ts";
import { waitFor } from "../lib/wait.ts";

const Sent = z.object({ Command: z.object({ CommandId: z.string() }) });
const Invocation = z.object({
  ...{ Status: z.string(), StandardOutputContent: z.string(), StandardErrorContent: z.string() },
});

/** Where AWS's list of invocations has not caught up with what was just sent. */
const NOT_LISTED = "InvocationDoesNotExist";
const UNDER_WAY = ["Pending", "InProgress", "Delayed"];

/**
 * Runs a shell script as root on an instance by AWS's Run Command, and returns what it printed. AWS knows both sides of it
 * by their credentials, so that nobody between them can answer instead; and it keeps the script and the answer for a month,
 * so neither may be secret. A UserError where the instance's agent is not there yet, or the script fails.
 */
export async function runCommand(
  instance: string,
  script: string,
  question: Question & { readonly interval?: number },
): Promise<string> {
  const send = [
    ...["ssm", "send-command", "--document-name", "AWS-RunShellScript"],
    ...["--instance-ids", instance, "--timeout-seconds", "60"],
    ...["--parameters", JSON.stringify({ commands: [script] })],
  ];
  const { CommandId } = Sent.parse(await askAws(send, question)).Command;
  const look = ["ssm", "get-command-invocation", "--command-id", CommandId];
  const { Status, StandardOutputContent, StandardErrorContent } = await waitFor<
    z.infer<typeof Invocation>
  >(
    `${question.purpose}: the answer of ${instance}`,
    async () => {
      const result = await tryAws([...look, "--instance-id", instance], question);
      if ("error" in result) {
        if (result.refusal?.code !== NOT_LISTED) throw result.error;
        return { waiting: "AWS does not list the command yet" };
      }
      const seen = Invocation.parse(result.answer);
      return UNDER_WAY.includes(seen.Status)
        ? { waiting: `the command is ${seen.Status}` }
        : { done: seen };
    },
    { deadline: 30, interval: question.interval ?? 0.5 },
  );
  if (Status === "Success") return StandardOutputContent;
  throw new UserError(
    `${question.purpose}: got ${Status} of a command on ${instance} (${StandardErrorContent.trim() || "it said nothing"}), need Success`,
  );
}
