import type { LabDescription } from "../../stacks/outputs.ts";

/** LAB_DRILL of scripts/drills/run.ts: which drill, under which run id, on which lab. */
export interface DrillInput {
  readonly name: string;
  readonly runId: string;
  readonly description: LabDescription;
  /** Folder of all reports of the lab; this run's is a folder in it. */
  readonly reports: string;
  /** True where the recovery is to be left out, to see the drill fail; the lab is broken then. */
  readonly withoutRecovery?: boolean;
}

/** LAB_SOAK of scripts/drills/soak.ts: how many drills, chosen by which seed. */
export interface SoakInput extends Omit<DrillInput, "name"> {
  readonly count: number;
  readonly seed: number;
}
