import * as pulumi from "@pulumi/pulumi";
import { Backup } from "../components/backup/backup-run.ts";
import { Restore } from "../components/backup/restore-run.ts";
import { DrillRun } from "../components/drills/drill-run.ts";
import type { Verdict } from "../components/drills/verdict.ts";
import type { LabConfig } from "./config/resolved.ts";
import { reportsFolder } from "./operations-folder.ts";
import type { LabDescription } from "./outputs.ts";

export interface OperationsRequest {
  readonly config: LabConfig;
  /** Run ids by drill: those of the configuration and those of the command line. */
  readonly drills: Readonly<Record<string, string>>;
  readonly description: LabDescription;
  readonly clusterId: pulumi.Output<string>;
  /** Secret; absent where the lab has no registry. */
  readonly registryLogin?: pulumi.Output<{ readonly username: string; readonly password: string }>;
  readonly root: string;
}

/**
 * What was asked to be done with the lab, each by its run id: a restore, then a backup, then the drills, one after the
 * other, as no two of them may break or stop something at once.
 */
export function createOperations(
  { config, drills, description, clusterId, registryLogin, root }: OperationsRequest,
  opts: pulumi.ComponentResourceOptions,
): Record<string, pulumi.Output<Verdict>> {
  const before: pulumi.Resource[] = [];
  const after = () => pulumi.mergeOptions(opts, { dependsOn: [...before] });
  const { backup, restore } = config;
  if (restore.run !== undefined && restore.from !== undefined) {
    const input = clusterId.apply((id) => ({
      description,
      from: restore.from ?? "",
      clusterId: id,
    }));
    before.push(new Restore("restore", { runId: restore.run, input }, after()));
  }
  if (backup.run !== undefined) {
    const input = { description, registry: config.registry.enabled };
    before.push(new Backup("backup", { runId: backup.run, input }, after()));
  }
  const verdicts: Record<string, pulumi.Output<Verdict>> = {};
  for (const [drill, runId] of Object.entries(drills)) {
    const input = clusterId.apply((id) => ({
      description,
      reports: reportsFolder(root, config.lab, id),
    }));
    const run = new DrillRun(`drill-${drill}`, { drill, runId, input, registryLogin }, after());
    before.push(run);
    verdicts[drill] = run.verdict;
  }
  return verdicts;
}
