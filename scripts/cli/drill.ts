import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { DRILLS, drillNamed } from "../../components/drills/catalogue/index.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { UserError } from "../../components/errors.ts";
import { askForDrill } from "../../stacks/drill-runs.ts";
import { reportsFolder } from "../../stacks/operations-folder.ts";
import { groundOf } from "../drills/ground.ts";
import { setUp } from "../setup/setup.ts";
import { mustDescribe } from "./backup.ts";
import { describeLab } from "./describe.ts";
import { drawVerdict, follow, isSignOfLife } from "./drill-view.ts";
import { heal } from "./heal.ts";
import { labName, ROOT } from "./paths.ts";
import { operate } from "./pulumi.ts";
import { report, since } from "./report.ts";
import { readState } from "./state.ts";
import { enterForLooking } from "./status.ts";

/** Exit codes by verdict: only a drill that passed ends well. */
const CODES: Readonly<Record<Verdict["verdict"], number>> = {
  passed: 0,
  failed: 1,
  void: 2,
  unavailable: 3,
};

/** `npm run drill -- --list`. */
export async function listDrills({ stack, json }: { stack: string; json: boolean }): Promise<void> {
  await enterForLooking(stack);
  const description = await describeLab(stack);
  const listed = DRILLS.map(({ name, question, minutes, control = false, needs }) => {
    const reason = description === undefined ? "the lab is down" : needs(groundOf(description));
    return {
      name,
      question,
      minutes,
      control,
      available: reason === undefined,
      ...(reason ? { reason } : {}),
    };
  });
  if (json) return console.log(JSON.stringify(listed));
  const table = new Table({
    head: ["drill", "what it answers", "minutes", "here"],
    style: { head: [] },
    colWidths: [24, 60, 9, 30],
    wordWrap: true,
  });
  for (const { name, question, minutes, control, reason } of listed)
    table.push([
      control ? `${name} (control)` : name,
      question,
      minutes,
      reason === undefined ? pc.green("yes") : pc.yellow(`no: ${reason}`),
    ]);
  console.log(table.toString());
}

/** The drill tells its own progress: that Pulumi still waits for it is said by nobody. */
const unlessBeat = (line: string): void => {
  if (!isSignOfLife(line)) report(line);
};

const newRunId = () =>
  new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");

/** `npm run drill -- NAME`: asks for a run of the drill and lets `pulumi up` do it. Returns the verdict's exit code. */
export async function drill(
  { stack, json }: { stack: string; json: boolean },
  name: string,
  runId = newRunId(),
): Promise<number> {
  const start = performance.now();
  const { question, needs } = drillNamed(name);
  const { engine } = await setUp(stack);
  const description = await mustDescribe(stack);
  const reason = needs(groundOf(description));
  if (reason !== undefined) {
    if (json)
      console.log(
        JSON.stringify({
          drill: name,
          runId,
          verdict: "unavailable",
          reason,
          checks: [],
          steps: [],
        }),
      );
    report(pc.yellow(`drill ${name}: unavailable: ${reason}`));
    return CODES.unavailable;
  }
  report(pc.bold(question));
  await heal(stack, engine, report);
  const clusterId = String((await readState(stack))?.outputs.clusterId ?? "");
  const folder = join(reportsFolder(ROOT, labName(stack), clusterId), `${runId}-${name}`);
  askForDrill(ROOT, labName(stack), name, runId);
  const progress = follow(join(folder, "progress.log"));
  const outcome = await operate("up", stack, { say: unlessBeat }).finally(() => progress.stop());
  const file = join(folder, "verdict.json");
  if (!existsSync(file)) {
    const why = outcome.errors.at(-1) ?? `see ${outcome.log}`;
    throw new UserError(
      `drill ${name}: \`pulumi up\` ended before the drill had a verdict: ${why}`,
    );
  }
  const verdict = JSON.parse(await readFile(file, "utf8")) as Verdict;
  if (json) console.log(JSON.stringify(verdict));
  else report(drawVerdict(verdict));
  report(`${since(start)} in all`);
  return CODES[verdict.verdict];
}
