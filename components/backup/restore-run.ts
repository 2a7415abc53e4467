import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { RestoreInput, RestoreOutput } from "./run-input.ts";

export interface RestoreArgs {
  readonly runId: string;
  readonly input: pulumi.Input<RestoreInput>;
  /** Opens the archives when they are encrypted. */
  readonly passphrase?: pulumi.Input<string>;
}

/** One restore of a swarm from a backup, done when its run id is new. `result` says in what the swarm differs from then. */
export class Restore extends pulumi.ComponentResource {
  readonly result: pulumi.Output<RestoreOutput>;

  constructor(name: string, args: RestoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:backup:Restore", name, {}, opts);
    const { runId, input, passphrase } = args;
    const done = step(
      `${name}-${runId}`,
      {
        create: "backup/run-restore.ts",
        inputs: { LAB_RESTORE: input },
        secrets: passphrase === undefined ? {} : { LAB_BACKUP_PASSPHRASE: passphrase },
      },
      {
        parent: this,
        ignoreChanges: ["environment.LAB_RESTORE", "environment.LAB_BACKUP_PASSPHRASE"],
        customTimeouts: { create: "30m" },
      },
    );
    this.result = resultOf<RestoreOutput>(done);
    this.registerOutputs({ result: this.result });
  }
}
