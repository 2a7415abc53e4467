/** The command line of the lab. `npm run VERB -- OPTIONS` comes here through scripts/lab. */
import { Command } from "commander";
import { UserError } from "../components/errors.ts";
import { addDevelopmentVerbs } from "./verbs/development.ts";
import { addLifeVerbs } from "./verbs/life.ts";
import { addOperationVerbs } from "./verbs/operations.ts";
import { addStudyVerbs } from "./verbs/study.ts";
import { adding } from "./verbs/verb.ts";

const program = new Command("lab")
  .description("A Docker Swarm cluster you may break")
  .usage("VERB [options]    (as `npm run VERB -- [options]`)")
  .option("--stack <name>", "the Pulumi stack, and so the lab (default: PULUMI_STACK, else dev)")
  .configureHelp({ showGlobalOptions: true })
  .enablePositionalOptions()
  .showHelpAfterError("(--help shows how)");

const verb = adding(program);
addLifeVerbs(verb);
addOperationVerbs(verb);
addStudyVerbs(verb);
addDevelopmentVerbs(verb);

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
