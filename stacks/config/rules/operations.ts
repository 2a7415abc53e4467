import type { Finding } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** What was asked to be done with the lab must say all that it needs. */
export function operationErrors({ restore }: LabConfig): Finding[] {
  if (restore.run === undefined || restore.from !== undefined) return [];
  return [
    {
      path: ["restore", "from"],
      got: "nothing",
      need: `the backup that run ${restore.run} restores: its name, or the path of its folder`,
      fix: "`npm run backup -- --list` shows them; remove restore.run to restore nothing",
    },
  ];
}
