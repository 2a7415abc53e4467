import type { DrillGround } from "../../components/drills/drill.ts";
import type { LabDescription } from "../../stacks/outputs.ts";

/** What drills may know of a lab before they say whether they can run there. */
export function groundOf({
  nodes,
  expendable,
  kernel,
  app,
  registryVolume,
}: LabDescription): DrillGround {
  return {
    ...{ nodes, expendable, kernel },
    apps: app === undefined ? [] : [app.service],
    registry: registryVolume !== undefined,
  };
}
