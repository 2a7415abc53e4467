import { UserError } from "../../components/errors.ts";
import { NodeCommandError } from "../../components/nodes/exec.ts";
import { WaitError } from "./wait.ts";

/**
 * Runs one step of the lab as a program of its own (a command resource starts it): its inputs come from
 * environment variables, its one JSON result goes to stdout, what a person should read goes to stderr.
 * Expected failures end it with their message and exit code 1; anything else is a bug and keeps its stack.
 */
export async function runStep(step: () => Promise<unknown>): Promise<void> {
  try {
    const result = await step();
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } catch (error) {
    const expected =
      error instanceof UserError || error instanceof NodeCommandError || error instanceof WaitError;
    process.stderr.write(`${expected ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}

/** The JSON value of an environment variable that the command resource must have set. */
export function input<T>(name: string): T {
  const text = process.env[name];
  if (text === undefined) throw new Error(`the environment variable ${name} is not set`);
  return JSON.parse(text) as T;
}
