import pc from "picocolors";
import { EngineStep } from "../setup/engine.ts";
import { type EngineLook, lookAtEngine } from "../setup/engine-host.ts";
import { findPulumi } from "../setup/pulumi-place.ts";
import { endingsOf, engineNeeded } from "./ending.ts";
import { enter } from "./environment.ts";
import { labName } from "./paths.ts";
import { removeLab, stateOf } from "./remove.ts";
import { type Report, report, secondsSince, since } from "./report.ts";

export interface DownOptions {
  readonly stack: string;
  readonly json: boolean;
}

/** DOCKER_HOST of the engine for the end of a lab: brought where the lab needs one, used where one answers. */
async function engineFor(
  stack: string,
  seen: EngineLook,
  say: Report,
): Promise<string | undefined> {
  if (seen.state === "answers") return seen.host;
  const state = await stateOf(stack, () => undefined); // said by whoever removes it
  if (!engineNeeded(endingsOf(stack, state), state)) return undefined;
  const step = new EngineStep();
  if (!(await step.done())) await step.run(say);
  return step.host;
}

/**
 * Takes the lab down from whatever state it is in, and says that nothing of it is left. An engine that is installed
 * and does not run is started for it where the lab has something there; Pulumi is used where there is one.
 */
export async function down({ stack, json }: DownOptions, say: Report = report): Promise<void> {
  const start = performance.now();
  const [seen, pulumi] = await Promise.all([lookAtEngine(), findPulumi()]);
  enter({ stack, engine: seen.host, pulumi: pulumi?.bin });
  const engine = await engineFor(stack, seen, say);
  const options = { pulumi: pulumi !== undefined, say };
  const certain = await removeLab(stack, engine === undefined ? options : { engine, ...options });
  for (const sentence of certain) say(pc.green(`${sentence} (${since(start)})`));
  const lab = labName(stack);
  if (json) console.log(JSON.stringify({ lab, seconds: secondsSince(start), remaining: 0 }));
}
