import { type AddVerb, chosen, JSON_OPTION } from "./verb.ts";

/** What keeps the project and its users' repositories well. */
export function addDevelopmentVerbs(verb: AddVerb): void {
  verb(
    "check-tokens",
    "find join tokens and unlock keys in files, before they are committed",
    async (command) => {
      const { staged = false, json = false } = command.opts<{ staged?: boolean; json?: boolean }>();
      return (await import("../cli/check-tokens.ts")).checkTokens(command.args, { staged, json });
    },
  )
    .argument("[files...]", "the files to search")
    .option("--staged", "search what git would commit instead")
    .option(...JSON_OPTION);

  verb("bench", "time up, preview and down of a lab of its own", async (command) =>
    (await import("../cli/bench.ts")).benchLab(command.opts()),
  )
    .option("--runs <number>", "how often each is timed", "3")
    .option("--against <script>", "a script that does the same by hand, timed in turn with the lab")
    .option(...JSON_OPTION);

  verb("check", "the fast tests: format, lint, types, unit, components", async () =>
    (await import("../cli/check.ts")).check(),
  );

  verb("test", "the tests, from a bare machine", async (command) => {
    const { suite } = command.opts<{ suite?: string }>();
    return (await import("../cli/test.ts")).test((await chosen(command)).stack, suite);
  }).option(
    "--suite <name>",
    "one of the long suites alone: drills, faults, killed, unrecovered, practice, vm",
  );
}
