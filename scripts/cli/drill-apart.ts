import { join } from "node:path";
import pc from "picocolors";
import { drillNamed } from "../../components/drills/catalogue/index.ts";
import type { DrillInput } from "../../components/drills/run-input.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { UserError } from "../../components/errors.ts";
import { reportsFolder } from "../../stacks/operations-folder.ts";
import { type RegistryAccount, runApart } from "../drills/apart.ts";
import { groundOf } from "../drills/ground.ts";
import { setUp } from "../setup/setup.ts";
import { mustDescribe } from "./backup.ts";
import { newRunId, standAgain, unavailable } from "./drill.ts";
import { drawVerdict, follow } from "./drill-view.ts";
import { labName, ROOT } from "./paths.ts";
import { report, since } from "./report.ts";
import { registryAccount } from "./secret-outputs.ts";
import { readState } from "./state.ts";

/** The lab that drills are run on, and the login of its registry. */
export interface DrillLab {
  readonly stack: string;
  readonly engine: string;
  readonly account: RegistryAccount | undefined;
}

/** Runs one drill by its own program, on a lab that is whole, and mends the lab after one that failed. */
export async function drillApart(
  { stack, engine, account }: DrillLab,
  told: Pick<DrillInput, "name" | "runId" | "withoutRecovery">,
): Promise<Verdict> {
  const { name, runId } = told;
  const { question, needs } = drillNamed(name);
  const description = await mustDescribe(stack);
  const reason = needs(groundOf(description));
  if (reason !== undefined) return unavailable(name, runId, reason);
  report(pc.bold(`${name}: ${question}`));
  const clusterId = String((await readState(stack))?.outputs.clusterId ?? "");
  const reports = reportsFolder(ROOT, labName(stack), clusterId);
  const progress = follow(join(reports, `${runId}-${name}`, "progress.log"));
  const ran = runApart({ ...told, description, reports }, account);
  const verdict = await ran.finally(() => progress.stop());
  if (verdict.verdict === "failed") {
    report(drawVerdict(verdict));
    await standAgain(stack, engine);
  }
  return verdict;
}

/**
 * `npm run drill -- NAME --without-recovery`: does nothing where the drill would recover, to see that it then fails. Returns 0 when
 * it does, 1 when it passes all the same, 3 when this lab cannot stage it. Only a lab that is marked expendable is used.
 */
export async function drillWithoutRecovery(
  { stack, json }: { stack: string; json: boolean },
  name: string,
): Promise<number> {
  const start = performance.now();
  drillNamed(name); // a wrong name is told before anything is brought
  const { engine } = await setUp(stack);
  await standAgain(stack, engine);
  if (!(await mustDescribe(stack)).expendable)
    throw new UserError(
      `lab ${labName(stack)}: got one that is not marked expendable, need \`swarm-lab:expendable: true\`: what is not recovered stays broken`,
    );
  const account = await registryAccount(stack);
  const told = { name, runId: newRunId(), withoutRecovery: true };
  const verdict = await drillApart({ stack, engine, account }, told);
  if (json) console.log(JSON.stringify(verdict));
  report(`${name} without its recovery: ${verdict.verdict}: ${verdict.reason}`);
  report(`${since(start)} in all`);
  return { failed: 0, passed: 1, void: 2, unavailable: 3 }[verdict.verdict];
}
