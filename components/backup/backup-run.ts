import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import type { BackupInput, BackupOutput } from "./run-input.ts";

export interface BackupArgs {
  readonly runId: string;
  readonly input: pulumi.Input<BackupInput>;
  /** Encrypts the archives; left out: they are stored as they are. */
  readonly passphrase?: pulumi.Input<string>;
}

/**
 * One backup of a swarm and of what runs on it, made when its run id is new; it stays when the run id goes. `result` says
 * where it is and what it is of.
 */
export class Backup extends pulumi.ComponentResource {
  readonly result: pulumi.Output<BackupOutput>;

  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:backup:Backup", name, {}, opts);
    const { runId, input, passphrase } = args;
    const done = step(
      `${name}-${runId}`,
      {
        create: "backup/run-backup.ts",
        inputs: { LAB_BACKUP: input },
        secrets: passphrase === undefined ? {} : { LAB_BACKUP_PASSPHRASE: passphrase },
      },
      {
        parent: this,
        ignoreChanges: ["environment.LAB_BACKUP", "environment.LAB_BACKUP_PASSPHRASE"],
        customTimeouts: { create: "30m" },
      },
    );
    this.result = resultOf<BackupOutput>(done);
    this.registerOutputs({ result: this.result });
  }
}
