import pc from "picocolors";
import { runRestore, runVolumeRestore } from "../backup/operations.ts";
import { type BackupVerbOptions, mustDescribe, takeSecrets } from "./backup.ts";
import { drawDifferences } from "./differences.ts";
import { report, since } from "./report.ts";
import { readState } from "./state.ts";
import { enterForLooking } from "./status.ts";

export interface RestoreVerbOptions
  extends Pick<BackupVerbOptions, "passphraseFile" | "identityFile"> {
  readonly fence?: boolean;
  readonly aliasAddress?: boolean;
  readonly recreate?: readonly string[];
  readonly volume?: string;
}

/** `npm run restore -- FILE`: brings the lab's swarm, or one volume, back from a backup. Returns 1 when the swarm is not what it was. */
export async function restore(
  { stack, json }: { stack: string; json: boolean },
  from: string,
  options: RestoreVerbOptions,
): Promise<number> {
  const start = performance.now();
  await enterForLooking(stack);
  await takeSecrets(options);
  const description = await mustDescribe(stack);
  if (options.volume !== undefined) {
    const brought = await runVolumeRestore(description, from, options.volume, report);
    if (json) console.log(JSON.stringify(brought));
    report(pc.green(`restored volume ${brought.volume} on ${brought.node} in ${since(start)}`));
    return 0;
  }
  const clusterId = (await readState(stack))?.outputs.clusterId;
  const done = await runRestore(
    {
      ...{ description, from, fence: options.fence ?? false, recreate: options.recreate ?? [] },
      aliasAddress: options.aliasAddress ?? false,
      ...(typeof clusterId === "string" ? { clusterId } : {}),
    },
    report,
  );
  if (json) console.log(JSON.stringify(done));
  const { differences, missingWorkers } = done;
  if (differences.length > 0) report(drawDifferences(differences));
  const same = differences.length === 0 && missingWorkers.length === 0;
  const verdict = same ? "and the swarm is what it was" : "but not all is as it was";
  report(
    (same ? pc.green : pc.yellow)(
      `restored ${done.backup} on ${done.node} in ${since(start)}: cluster ${done.clusterId}, ${verdict}`,
    ),
  );
  if (done.dataPlane) report(`overlay   ${done.dataPlane}`);
  return same ? 0 : 1;
}
