import { type AddVerb, chosen, JSON_OPTION } from "./verb.ts";

/** A lab's life: up, down, and looking at it. */
export function addLifeVerbs(verb: AddVerb): void {
  verb(
    "up",
    "stand the lab up, or repair it; brings whatever is missing first",
    async (command) => {
      const loseQuorum = command.opts().loseQuorum === true;
      return (await import("../cli/up.ts")).up({ ...(await chosen(command)), loseQuorum });
    },
  )
    .option("--lose-quorum", "remove a manager even where those that stay have no quorum")
    .option(...JSON_OPTION);

  verb("down", "remove the lab, from whatever state it is in", async (command) =>
    (await import("../cli/down.ts")).down(await chosen(command)),
  ).option(...JSON_OPTION);

  verb(
    "status",
    "draw zones, nodes, quorum, services and network as they are now",
    async (command) =>
      (await import("../cli/status.ts")).status({
        ...(await chosen(command)),
        ...command.opts<{ whatIf?: string }>(),
      }),
  )
    .option("--what-if <losses>", "what a loss would do: nodes and zones, such as m2,zone:a")
    .option(...JSON_OPTION);

  verb("shell", "run a command on a node, or a login shell", async (command) => {
    const [node = "", ...words] = command.args;
    const { stack } = await chosen(command);
    return (await import("../cli/shell.ts")).shell(stack, node, words);
  })
    .argument("<node>", "a node's name, such as manager-1")
    .argument("[command...]", "what to run there (default: a login shell)")
    .passThroughOptions();

  verb("stop", "put the whole lab to sleep, its data kept; or stop some nodes", async (command) => {
    const { stack } = await chosen(command);
    if (command.args.length > 0)
      return (await import("../cli/node-power.ts")).stopNodes(stack, command.args);
    return (await import("../cli/stop.ts")).stop(stack);
  }).argument("[nodes...]", "the nodes whose engines stop; the rest is left to notice");

  verb(
    "start",
    "wake a stopped lab: same cluster, same data; or start some nodes",
    async (command) => {
      const { stack } = await chosen(command);
      if (command.args.length > 0)
        return (await import("../cli/node-power.ts")).startNodes(stack, command.args);
      return (await import("../cli/start.ts")).start(stack);
    },
  ).argument("[nodes...]", "the nodes whose engines start where they were stopped");

  verb("env", "print what a shell must export for plain `pulumi up`", async (command) =>
    (await import("../cli/env.ts")).env(await chosen(command)),
  ).option(...JSON_OPTION);

  verb(
    "doctor",
    "look at what a lab needs of this machine, and what each lack disables",
    async (command) => (await import("../cli/doctor.ts")).doctor(await chosen(command)),
  ).option(...JSON_OPTION);

  verb("preview", "show what `up` would change, judged by the policies", async (command) => {
    const { policy } = command.opts<{ policy: boolean }>();
    const { stack } = await chosen(command);
    return (await import("../cli/preview.ts")).preview({ stack, policy, extra: command.args });
  })
    .argument("[arguments...]", "handed on to `pulumi preview`")
    .option("--no-policy", "leave the policies out")
    .passThroughOptions();
}
