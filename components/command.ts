import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeHandle } from "./nodes/types.ts";

const PEERS = "LAB_PEERS";
const IGNORED_PEERS = `environment.${PEERS}`;

export interface StepArgs {
  /** The program under scripts/ that does the work and may be run again at any time. Absent: there is only an undoing. */
  readonly create?: string;
  /** The program that undoes it. It gets the inputs recorded at the last create or update. */
  readonly delete?: string;
  /** Plain data for it, one environment variable each, as JSON. */
  readonly inputs: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** The lab's managers, to ask whichever of them lives. More of them are no reason to do the step again. */
  readonly peers?: readonly NodeHandle[];
  /** True while nobody can do it: what is on record stays, whatever is asked for by now. */
  readonly stays?: boolean;
  /** Text that must not be seen, one environment variable each, kept encrypted in the state. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** True when what it prints is secret. */
  readonly secretOutput?: boolean;
  /** True when a changed input must not make it forget what it printed: it is told in PULUMI_COMMAND_STDOUT. */
  readonly keepsOutput?: boolean;
}

/**
 * One step of the lab as a command resource: `node scripts/<create>` with its inputs in the environment, its result
 * one JSON line on stdout. Secrets never are in the command itself, since that is shown when it fails.
 */
export function step(
  name: string,
  args: StepArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const peers = args.peers === undefined ? {} : { [PEERS]: args.peers };
  const json = Object.entries({ ...args.inputs, ...peers }).map(
    ([key, value]) => [key, pulumi.jsonStringify(value)] as const,
  );
  const secrets = Object.entries(args.secrets ?? {}).map(
    ([key, value]) => [key, pulumi.secret(value)] as const,
  );
  return new command.local.Command(
    name,
    {
      create: args.create === undefined ? ":" : `node scripts/${args.create}`,
      delete: args.delete === undefined ? undefined : `node scripts/${args.delete}`,
      environment: Object.fromEntries<pulumi.Input<string>>([...json, ...secrets]),
      addPreviousOutputInEnv: args.keepsOutput ?? false,
      logging: args.secretOutput ? "none" : "stderr",
    },
    pulumi.mergeOptions(opts, {
      // A replaced step must undo itself before it is done anew: leave and join in the other order would undo the join.
      deleteBeforeReplace: true,
      ignoreChanges: [
        ...(args.peers === undefined ? [] : [IGNORED_PEERS]),
        ...(args.stays ? ["environment"] : []),
      ],
      additionalSecretOutputs: args.secretOutput ? ["stdout", "stderr"] : [],
    }),
  );
}

/**
 * Lets every step below record its peers as they are now, and so be done once more. For when a peer is reached another way
 * than some step has on record: what undoes a step knows no other.
 */
export const recordPeersAnew: pulumi.ResourceTransformation = ({ props, opts }) => {
  const ignoreChanges = opts.ignoreChanges?.filter((path) => path !== IGNORED_PEERS);
  return { props, opts: { ...opts, ignoreChanges } };
};

/** The JSON result of a step as data. */
export function resultOf<T>(done: command.local.Command): pulumi.Output<T> {
  return done.stdout.apply((text) => JSON.parse(text) as T);
}
