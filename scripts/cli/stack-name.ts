import { describeProblem, UserError } from "../../components/errors.ts";
import { labNameProblem } from "../../stacks/config/lab-name.ts";
import { labName } from "./paths.ts";

/** Names that are taken in .lab/, where each lab has a folder of its name. */
const TAKEN = ["backend"];

/** The stack a command works on: the one asked for, else PULUMI_STACK, else `dev`. Throws a UserError for a bad name. */
export function chooseStack(asked: string | undefined, env = process.env): string {
  const stack = asked ?? (env.PULUMI_STACK || "dev");
  const problem = labNameProblem(labName(stack));
  if (problem !== undefined)
    throw new UserError(describeProblem({ ...problem, fix: "choose another with --stack" }));
  if (TAKEN.includes(labName(stack)))
    throw new UserError(`the stack's name: got ${stack}, need another: .lab/${stack} is taken`);
  return stack;
}
