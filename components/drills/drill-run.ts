import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { DrillInput } from "./run-input.ts";
import type { Verdict } from "./verdict.ts";

export interface DrillRunArgs {
  readonly drill: string;
  readonly runId: string;
  /** What the drill is told of the lab; when it changes, a drill that was run is not run again. */
  readonly input: pulumi.Input<Omit<DrillInput, "name" | "runId">>;
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
    const done = step(
      `${name}-${runId}`,
      { create: "drills/run.ts", inputs: { LAB_DRILL: input } },
      {
        parent: this,
        ignoreChanges: ["environment.LAB_DRILL"],
        customTimeouts: { create: "60m" },
      },
    );
    this.verdict = resultOf<Verdict>(done);
    this.registerOutputs({ verdict: this.verdict });
  }
}
