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

verb("up", "stand the lab up, or repair it; brings whatever is missing first", async (command) => {
  const loseQuorum = command.opts().loseQuorum === true;
  return (await import("./cli/up.ts")).up({ ...(await chosen(command)), loseQuorum });
})
  .option("--lose-quorum", "remove a manager even where those that stay have no quorum")
  .option(...JSON_OPTION);

verb("down", "remove the lab, from whatever state it is in", async (command) =>
  (await import("./cli/down.ts")).down(await chosen(command)),
).option(...JSON_OPTION);

verb("status", "draw zones, nodes, quorum, services and network as they are now", async (command) =>
  (await import("./cli/status.ts")).status({
    ...(await chosen(command)),
    ...command.opts<{ whatIf?: string }>(),
  }),
)
  .option("--what-if <losses>", "what a loss would do: nodes and zones, such as m2,zone:a")
  .option(...JSON_OPTION);

verb("shell", "run a command on a node, or a login shell", async (command) => {
  const [node = "", ...words] = command.args;
  const { stack } = await chosen(command);
  return (await import("./cli/shell.ts")).shell(stack, node, words);
})
  .argument("<node>", "a node's name, such as manager-1")
  .argument("[command...]", "what to run there (default: a login shell)")
  .passThroughOptions();

verb("stop", "put the whole lab to sleep, its data kept; or stop some nodes", async (command) => {
  const { stack } = await chosen(command);
  if (command.args.length > 0)
    return (await import("./cli/node-power.ts")).stopNodes(stack, command.args);
  return (await import("./cli/stop.ts")).stop(stack);
}).argument("[nodes...]", "the nodes whose engines stop; the rest is left to notice");

verb(
  "start",
  "wake a stopped lab: same cluster, same data; or start some nodes",
  async (command) => {
    const { stack } = await chosen(command);
    if (command.args.length > 0)
      return (await import("./cli/node-power.ts")).startNodes(stack, command.args);
    return (await import("./cli/start.ts")).start(stack);
  },
).argument("[nodes...]", "the nodes whose engines start where they were stopped");

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

const PASSPHRASE = [
  "--passphrase-file <file>",
  "file with the passphrase of the archives (or LAB_BACKUP_PASSPHRASE)",
] as const;
const IDENTITY = [
  "--identity-file <file>",
  "file with the age identity that opens the archives",
] as const;
const list = (value: string, before: readonly string[] = []) => [...before, value];

verb(
  "backup",
  "back up the swarm and what runs on it; list, verify and rehearse backups",
  async (command) =>
    (await import("./cli/backup.ts")).backup(await chosen(command), command.opts()),
)
  .option("--list", "the backups there are")
  .option("--verify <backup>", "whether a backup is whole")
  .option("--rehearse <backup>", "start a swarm from it where nobody hears it, and compare")
  .option("--hot", "leave the engine running; such a copy may not start again")
  .option("--accept-outage", "stop the only manager of a swarm that has one")
  .option("--node <name>", "the manager to take it from (default: one that follows)")
  .option("--no-registry", "leave the registry's data out")
  .option("--volume <name>", "a named volume that goes along; may be given again", list)
  .option("--encrypt-for <recipient>", "age public key that the archives are encrypted for")
  .option(...PASSPHRASE)
  .option(...IDENTITY)
  .option("--keep <number>", "good backups kept; older ones go")
  .option("--systemd <calendar>", "print a systemd timer that makes backups, and do nothing")
  .option(...JSON_OPTION);

verb("restore", "bring the swarm back from a backup", async (command) => {
  const [from = ""] = command.args;
  return (await import("./cli/restore.ts")).restore(await chosen(command), from, command.opts());
})
  .argument("<backup>", "its name, or the path of its folder, manifest or archive")
  .option("--fence", "stop the engines of managers that could still speak for the old swarm")
  .option("--volume <name>", "bring back the content of this volume alone; the swarm lives on")
  .option(
    "--alias-address",
    "restore on another machine, which answers at the old address meanwhile",
  )
  .option(
    "--recreate <service>",
    "start a service's tasks anew at the end; may be given again",
    list,
  )
  .option(...PASSPHRASE)
  .option(...IDENTITY)
  .option(...JSON_OPTION);

verb("drill", "break the lab and bring it back, with evidence", async (command) => {
  const [name] = command.args;
  const options = command.opts<{
    list?: boolean;
    all?: boolean;
    soak?: string;
    seed?: string;
    runId?: string;
    withoutRecovery?: boolean;
  }>();
  const { soak: count, seed } = options;
  if (count !== undefined)
    return (await import("./cli/soak.ts")).soak(await chosen(command), { count, seed });
  if (options.all) return (await import("./cli/drill-all.ts")).drillAll(await chosen(command));
  if (options.list || name === undefined)
    return (await import("./cli/drill-list.ts")).listDrills(await chosen(command));
  if (options.withoutRecovery) {
    const { drillWithoutRecovery } = await import("./cli/drill-apart.ts");
    return drillWithoutRecovery(await chosen(command), name);
  }
  return (await import("./cli/drill.ts")).drill(await chosen(command), name, options.runId);
})
  .argument("[name]", "the drill; left out: the list of them")
  .option("--list", "what each drill answers, how long it takes, whether this lab can run it")
  .option("--all", "every drill, one after another, the wrong procedures last")
  .option(
    "--soak <number>",
    "that many drills at random, with writers that go on through all of them",
  )
  .option("--seed <number>", "the soak's sequence (default: another each time)")
  .option("--without-recovery", "leave the recovery out, to see the drill fail; then mend the lab")
  .option("--run-id <id>", "the run's id (default: the time); one id is run once")
  .option(...JSON_OPTION);

verb("practice", "do exercises on the lab, and have them graded", async (command) =>
  (await import("./cli/practice.ts")).practice(await chosen(command), command.args, command.opts()),
)
  .argument("[action]", "start, check, hint, solve or reset; left out: the list")
  .argument("[exercise]", "the exercise to start")
  .option("--list", "the exercises, what each is about, and which are done")
  .option("--random", "start one that breaks something, without saying what")
  .option("--seed <text>", "the one that is drawn (default: another each time)")
  .option("--cause <letter>", "with check, of one that was drawn: what was broken")
  .option(...JSON_OPTION);

verb("exam", "exercises drawn by the exam's domains, against the clock", async (command) =>
  (await import("./cli/exam.ts")).exam(await chosen(command), command.args, command.opts()),
)
  .argument("[action]", "next: hand in and go on; end: end it; left out: begin, or go on")
  .option("--minutes <number>", "how long it takes (default: 45)")
  .option("--seed <text>", "what is drawn (default: another each time)")
  .option(...JSON_OPTION);

verb(
  "report",
  "one HTML file of all that the lab recorded, or a live page of it",
  async (command) =>
    (await import("./cli/report-page.ts")).reportPage(await chosen(command), command.opts()),
)
  .option("--out <file>", "where it is written (default: report.html in the lab's reports)")
  .option("--runs <number>", "runs of a drill that are told in full (default: 5)")
  .option("--serve", "serve it on loopback, and keep it up to date while a drill or an exam runs")
  .option("--port <number>", "the port of --serve (default: one that is free)")
  .option(...JSON_OPTION);

verb(
  "check-tokens",
  "find join tokens and unlock keys in files, before they are committed",
  async (command) => {
    const { staged = false, json = false } = command.opts<{ staged?: boolean; json?: boolean }>();
    return (await import("./cli/check-tokens.ts")).checkTokens(command.args, { staged, json });
  },
)
  .argument("[files...]", "the files to search")
  .option("--staged", "search what git would commit instead")
  .option(...JSON_OPTION);

verb("bench", "time up, preview and down of a lab of its own", async (command) =>
  (await import("./cli/bench.ts")).benchLab(command.opts()),
)
  .option("--runs <number>", "how often each is timed", "3")
  .option("--against <script>", "a script that does the same by hand, timed in turn with the lab")
  .option(...JSON_OPTION);

verb("check", "the fast tests: format, lint, types, unit, components", async () =>
  (await import("./cli/check.ts")).check(),
);

verb("test", "the tests, from a bare machine", async (command) => {
  const { suite } = command.opts<{ suite?: string }>();
  return (await import("./cli/test.ts")).test((await chosen(command)).stack, suite);
}).option(
  "--suite <name>",
  "one of the long suites alone: drills, faults, killed, unrecovered, practice, vm",
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
