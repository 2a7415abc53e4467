import type { Command } from "commander";

/** Adds a verb to the command line. What its action returns as a number is the exit code. */
export type AddVerb = (
  name: string,
  summary: string,
  action: (command: Command) => Promise<unknown>,
) => Command;

/** How verbs are added to a program. The code of each is loaded when it runs, so that no verb pays for another. */
export const adding =
  (program: Command): AddVerb =>
  (name, summary, action) =>
    program
      .command(name)
      .description(summary)
      .option("--stack <name>", "the Pulumi stack, and so the lab")
      .action(async (...args: unknown[]) => {
        const code = await action(args.at(-1) as Command);
        if (typeof code === "number") process.exitCode = code;
      });

interface Options {
  readonly stack?: string;
  readonly json?: boolean;
}

/** The chosen stack and whether data is wanted, of the verb that runs. */
export async function chosen(command: Command) {
  const options = command.optsWithGlobals<Options>();
  const { chooseStack } = await import("../cli/stack-name.ts");
  return { stack: chooseStack(options.stack), json: options.json ?? false };
}

export const JSON_OPTION = ["--json", "print data instead of a picture"] as const;

/** Values of an option that may be given again, in their order. */
export const list = (value: string, before: readonly string[] = []) => [...before, value];
