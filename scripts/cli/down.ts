import pc from "picocolors";
import { LABEL_LAB } from "../../components/labels.ts";
import { EngineStep } from "../setup/engine.ts";
import { findPulumi } from "../setup/pulumi-place.ts";
import { enter } from "./environment.ts";
import { labName } from "./paths.ts";
import { removeLab } from "./remove.ts";
import { type Report, report, secondsSince, since } from "./report.ts";

export interface DownOptions {
  readonly stack: string;
  readonly json: boolean;
}

/**
 * Takes the lab down from whatever state it is in, and says that nothing of it is left. An engine that is installed
 * and does not run is started for it; Pulumi is used where there is one.
 */
export async function down({ stack, json }: DownOptions, say: Report = report): Promise<void> {
  const start = performance.now();
  const step = new EngineStep();
  const [ready, pulumi] = await Promise.all([step.done(), findPulumi()]);
  if (!ready) await step.run(say);
  const engine = step.host;
  enter({ stack, engine, pulumi: pulumi?.bin });
  const regions = await removeLab(stack, { engine, pulumi: pulumi !== undefined, say });
  const lab = labName(stack);
  say(pc.green(`nothing labelled ${LABEL_LAB}=${lab} remains (${since(start)})`));
  for (const region of regions)
    say(pc.green(`nothing tagged ${LABEL_LAB}=${lab} remains on AWS in ${region}`));
  if (json) console.log(JSON.stringify({ lab, seconds: secondsSince(start), remaining: 0 }));
}
