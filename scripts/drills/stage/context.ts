import type { StageCore } from "../../../components/drills/stage/core.ts";
import type { LabDescription } from "../../../stacks/outputs.ts";
import type { DrillPlaces } from "../places.ts";
import type { Record } from "../record.ts";

/** What each theme of the stage is made of: the lab that stands, where evidence goes, and the core that all of them use. */
export interface StageContext {
  readonly description: LabDescription;
  readonly record: Record;
  readonly places: DrillPlaces;
  readonly core: StageCore;
}

/** A line of progress of something that reports by itself, below the step it belongs to. */
export const sayBelow = (record: Record) => (line: string) => record.say(`  ${line}`);
