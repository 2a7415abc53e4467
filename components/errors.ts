/** One thing a person got wrong or a machine lacks: where it is, what was found, what is needed, what to do. */
export interface Problem {
  readonly where: string;
  readonly got: string;
  readonly need: string;
  readonly fix?: string;
}

/** `where: got X, need Y; what to do`: the one shape every message for a person has. */
export function describeProblem(problem: Problem): string {
  const fix = problem.fix ? `; ${problem.fix}` : "";
  return `${problem.where}: got ${problem.got}, need ${problem.need}${fix}`;
}

/** A mistake of the user's or a lack of the machine's. It is shown as its message, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Throws one UserError that lists all problems under `title`; does nothing when there are none. */
export function refuse(title: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
  throw new UserError([title, ...lines].join("\n"));
}
