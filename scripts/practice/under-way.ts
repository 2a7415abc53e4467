import { UserError } from "../../components/errors.ts";
import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import type { Report } from "../cli/report.ts";
import type { Desk } from "./places.ts";
import { readSession, type Session } from "./session-file.ts";

/** A lab to practise on. */
export interface PracticeLab {
  readonly stack: string;
  readonly description: LabDescription;
  /** What its nodes are to be, as they were made members. */
  readonly members: readonly MemberInput[];
  readonly say: Report;
}

export const managersOf = ({ description }: PracticeLab) =>
  description.nodes.filter(({ role }) => role === "manager");

/** Where the commands of an exercise are typed. */
export const deskOf = (
  { stack, description }: PracticeLab,
  { names }: Pick<Session, "names">,
): Desk => ({ stack, nodes: description.nodes, names });

/** The exercise that is under way. Throws a UserError where none is. */
export async function current(stack: string): Promise<Session> {
  const session = await readSession(stack);
  if (session === undefined)
    throw new UserError(
      "practice: no exercise is under way; begin one with `npm run practice -- start NAME`",
    );
  return session;
}

/** The exercise that is under way, when it is not part of an exam. */
export async function own(stack: string, what: string): Promise<Session> {
  const session = await current(stack);
  if (session.exam)
    throw new UserError(
      `practice ${what}: got an exercise of an exam, need one of your own: \`npm run exam -- next\` hands it in, \`npm run exam -- end\` ends the exam`,
    );
  return session;
}
