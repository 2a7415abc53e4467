import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pc from "picocolors";
import { drillNamed } from "../../components/drills/catalogue/index.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { UserError } from "../../components/errors.ts";
import { askForDrill, forgetDrill } from "../../stacks/drill-runs.ts";
import { reportsFolder } from "../../stacks/operations-folder.ts";
import { groundOf } from "../drills/ground.ts";
import { setUp } from "../setup/setup.ts";
import { mustDescribe } from "./backup.ts";
import { drawVerdict, follow, isSignOfLife } from "./drill-view.ts";
import { labName, ROOT } from "./paths.ts";
import { operate } from "./pulumi.ts";
import { report, since } from "./report.ts";
import { readState } from "./state.ts";
import { healOrBegin } from "./up.ts";

/** Exit codes by verdict: only a drill that passed ends well. */
const CODES: Readonly<Record<Verdict["verdict"], number>> = {
  passed: 0,
  failed: 1,
  void: 2,
  unavailable: 3,
};

/** The drill tells its own progress: that Pulumi still waits for it is said by nobody. */
const unlessBeat = (line: string): void => {
  if (!isSignOfLife(line)) report(line);
};

export const newRunId = () =>
  new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");

/** What is told of a drill that this lab cannot stage. */
export const unavailable = (drill: string, runId: string, reason: string): Verdict => {
  const now = Date.now();
  return {
    ...{ drill, runId, verdict: "unavailable", reason, checks: [], steps: [] },
    rto: { leader: null, api: null, replicas: null, request: null },
    rpo: { acknowledged: 0, lost: 0, indeterminate: 0, maxGap: 0, undone: 0, undoneSeconds: 0 },
    ...{ startedAt: now, endedAt: now },
  };
};

/** Mends a lab that an earlier drill left broken, and makes it anew where its swarm is gone. Throws a UserError where it cannot. */
export async function standAgain(stack: string, engine: string): Promise<void> {
  if (await healOrBegin(stack, engine)) return;
  const { code, log } = await operate("up", stack);
  if (code !== 0)
    throw new UserError(`lab ${labName(stack)}: it could not be made anew; see ${log}`);
}

/**
 * Asks for a run of a drill and lets `pulumi up` do it, on a lab that is mended first where an earlier drill left it
 * broken. Throws a UserError when there is no verdict in the end.
 */
async function runDrill(
  { stack, engine }: { stack: string; engine: string },
  name: string,
  runId: string,
): Promise<Verdict> {
  const { question, needs } = drillNamed(name);
  const reason = needs(groundOf(await mustDescribe(stack)));
  if (reason !== undefined) return unavailable(name, runId, reason);
  report(pc.bold(`${name}: ${question}`));
  await standAgain(stack, engine);
  const clusterId = String((await readState(stack))?.outputs.clusterId ?? "");
  const folder = join(reportsFolder(ROOT, labName(stack), clusterId), `${runId}-${name}`);
  askForDrill(ROOT, labName(stack), name, runId);
  const progress = follow(join(folder, "progress.log"));
  const outcome = await operate("up", stack, { say: unlessBeat }).finally(() => progress.stop());
  const file = join(folder, "verdict.json");
  if (!existsSync(file)) {
    // Or the next `up`, whoever wants it for whatever, would begin it.
    forgetDrill(ROOT, labName(stack), name, runId);
    const why = outcome.errors.at(-1) ?? `see ${outcome.log}`;
    throw new UserError(
      `drill ${name}: \`pulumi up\` ended before the drill had a verdict: ${why}`,
    );
  }
  return JSON.parse(await readFile(file, "utf8")) as Verdict;
}

/** `npm run drill -- NAME`. Returns the verdict's exit code. */
export async function drill(
  { stack, json }: { stack: string; json: boolean },
  name: string,
  runId = newRunId(),
): Promise<number> {
  const start = performance.now();
  drillNamed(name); // a wrong name is told before anything is brought
  const { engine } = await setUp(stack);
  const verdict = await runDrill({ stack, engine }, name, runId);
  if (json) console.log(JSON.stringify(verdict));
  if (verdict.verdict === "unavailable")
    report(pc.yellow(`drill ${name}: unavailable: ${verdict.reason}`));
  else {
    if (!json) report(drawVerdict(verdict));
    report(`${since(start)} in all`);
  }
  return CODES[verdict.verdict];
}
