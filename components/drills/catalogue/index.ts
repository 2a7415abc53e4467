import { UserError } from "../../errors.ts";
import type { Drill } from "../drill.ts";
import { backup } from "./backup.ts";
import { restoreCluster } from "./restore-cluster.ts";

/** All drills, in the order in which a person would learn them. */
export const DRILLS: readonly Drill[] = [backup, restoreCluster];

/** The drill of a name, or a UserError that lists them. */
export function drillNamed(name: string): Drill {
  const drill = DRILLS.find((one) => one.name === name);
  if (drill !== undefined) return drill;
  const names = DRILLS.map((one) => one.name).join(", ");
  throw new UserError(`drill: got ${name}, need one of ${names}`);
}
