import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { DrillInput } from "./run-input.ts";
import type { Verdict } from "./verdict.ts";

export interface DrillRunArgs {
  readonly drill: string;
  readonly runId: string;
  /** What the drill is told of the lab; when it changes, a drill that was run is not run again. */
  readonly input: pulumi.Input<Omit<DrillInput, "name" | "runId">>;
  /** The login of the lab's registry, for drills that pull and push. */
  readonly registryLogin?: pulumi.Input<{ readonly username: string; readonly password: string }>;
}

/**
 * One run of a drill. Its run id is part of its name: another id is another run, and the same one is never run twice, as
 * the program finds the verdict of the first time. A drill that fails fails the `up` that asked for it, and no later one.
 */
export class DrillRun extends pulumi.ComponentResource {
  readonly verdict: pulumi.Output<Verdict>;

  constructor(name: string, args: DrillRunArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:drills:DrillRun", name, {}, opts);
    const { drill, runId } = args;
    const input = pulumi.output(args.input).apply((known) => ({ ...known, name: drill, runId }));
    const login = args.registryLogin && pulumi.output(args.registryLogin);
    const secrets: Record<string, pulumi.Input<string>> = login
      ? { LAB_REGISTRY_USERNAME: login.username, LAB_REGISTRY_PASSWORD: login.password }
      : {};
    const done = step(
      `${name}-${runId}`,
      { create: "drills/run.ts", inputs: { LAB_DRILL: input }, secrets },
      {
        parent: this,
        ignoreChanges: ["environment"],
        customTimeouts: { create: "60m" },
      },
    );
    this.verdict = resultOf<Verdict>(done);
    this.registerOutputs({ verdict: this.verdict });
  }
}
