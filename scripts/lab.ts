/** The command line of the lab. `npm run VERB -- OPTIONS` comes here through scripts/lab. */
import { Command } from "commander";
import { UserError } from "../components/errors.ts";

const program = new Command("lab")
  .description("A Docker Swarm cluster you may break")
  .usage("VERB [options]    (as `npm run VERB -- [options]`)")
  .option("--stack <name>", "the Pulumi stack, and so the lab (default: PULUMI_STACK, else dev)")
  .configureHelp({ showGlobalOptions: true })
  .enablePositionalOptions()
  .showHelpAfterError("(--help shows how)");

interface Options {
  readonly stack?: string;
  readonly json?: boolean;
}

/** The chosen stack and whether data is wanted, of the verb that runs. */
async function chosen(command: Command) {
  const options = command.optsWithGlobals<Options>();
  const { chooseStack } = await import("./cli/stack-name.ts");
  return { stack: chooseStack(options.stack), json: options.json ?? false };
}

/** Adds a verb. Its code is loaded when it runs, so that no verb pays for another. */
function verb(
  name: string,
  summary: string,
  action: (command: Command) => Promise<unknown>,
): Command {
  return program
    .command(name)
    .description(summary)
    .option("--stack <name>", "the Pulumi stack, and so the lab")
    .action(async (...args: unknown[]) => {
      const code = await action(args.at(-1) as Command);
      if (typeof code === "number") process.exitCode = code;
    });
}

const JSON_OPTION = ["--json", "print data instead of a picture"] as const;

verb("up", "stand the lab up, or repair it; brings whatever is missing first", async (command) =>
  (await import("./cli/up.ts")).up(await chosen(command)),
).option(...JSON_OPTION);

verb("down", "remove the lab, from whatever state it is in", async (command) =>
  (await import("./cli/down.ts")).down(await chosen(command)),
).option(...JSON_OPTION);

verb("status", "draw zones, nodes, quorum, services and network as they are now", async (command) =>
  (await import("./cli/status.ts")).status(await chosen(command)),
).option(...JSON_OPTION);

verb("shell", "run a command on a node, or a login shell", async (command) => {
  const [node = "", ...words] = command.args;
  const { stack } = await chosen(command);
  return (await import("./cli/shell.ts")).shell(stack, node, words);
})
  .argument("<node>", "a node's name, such as manager-1")
  .argument("[command...]", "what to run there (default: a login shell)")
  .passThroughOptions();

verb("stop", "put the whole lab to sleep, its data kept", async (command) =>
  (await import("./cli/stop.ts")).stop((await chosen(command)).stack),
);

verb("start", "wake a stopped lab: same cluster, same data", async (command) =>
  (await import("./cli/start.ts")).start((await chosen(command)).stack),
);

verb("env", "print what a shell must export for plain `pulumi up`", async (command) =>
  (await import("./cli/env.ts")).env(await chosen(command)),
).option(...JSON_OPTION);

verb(
  "doctor",
  "look at what a lab needs of this machine, and what each lack disables",
  async (command) => (await import("./cli/doctor.ts")).doctor(await chosen(command)),
).option(...JSON_OPTION);

verb("preview", "show what `up` would change", async (command) =>
  (await import("./cli/preview.ts")).preview((await chosen(command)).stack, command.args),
)
  .argument("[arguments...]", "handed on to `pulumi preview`")
  .passThroughOptions();

verb("bench", "time up, preview and down of a lab of its own", async (command) =>
  (await import("./cli/bench.ts")).benchLab(command.opts()),
)
  .option("--runs <number>", "how often each is timed", "3")
  .option("--against <script>", "a script that does the same by hand, timed in turn with the lab")
  .option(...JSON_OPTION);

verb("check", "the fast tests: format, lint, types, unit, components", async () =>
  (await import("./cli/check.ts")).check(),
);

verb("test", "all tests, from a bare machine", async (command) =>
  (await import("./cli/test.ts")).test((await chosen(command)).stack),
);

/** Errors that are for a person are shown as their message; anything else is a bug and keeps its stack. */
function isForPeople(error: unknown): error is Error {
  if (error instanceof UserError) return true;
  return error instanceof Error && ["WaitError", "NodeCommandError"].includes(error.name);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`${isForPeople(error) ? error.message : (error as Error).stack}\n`);
}
// A request that nobody waits for any more (a manager that did not answer) must not hold the command up.
process.exit();
