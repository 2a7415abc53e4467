import { WaitError, waitFor } from "../lib/wait.ts";
import { timed } from "./report.ts";
import { look, type Seen } from "./status.ts";

/**
 * Looks at a lab until it is whole, at most for `deadline` seconds, and returns what was seen last. Tasks come back by
 * themselves after nodes did, so being late is for the caller to judge.
 */
export async function settle(stack: string, engine: string, deadline: number): Promise<Seen> {
  let seen = await look(stack, engine);
  if (seen.assessment.state === "whole") return seen;
  const again = async () => {
    seen = await look(stack, engine);
    const { state, problems } = seen.assessment;
    return state === "whole" ? { done: true } : { waiting: problems.join("; ") };
  };
  const options = { deadline, interval: 0.5 };
  try {
    await timed("waiting for what is not whole yet", () =>
      waitFor("the lab is whole", again, options),
    );
  } catch (error) {
    if (!(error instanceof WaitError)) throw error;
  }
  return seen;
}
