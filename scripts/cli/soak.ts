import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SoakInput } from "../../components/drills/run-input.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { UserError } from "../../components/errors.ts";
import { reportsFolder } from "../../stacks/operations-folder.ts";
import { accountVariables } from "../drills/apart.ts";
import { setUp } from "../setup/setup.ts";
import { mustDescribe } from "./backup.ts";
import { newRunId } from "./drill.ts";
import { drawVerdict } from "./drill-view.ts";
import { labName, ROOT } from "./paths.ts";
import { report, since } from "./report.ts";
import { passSignals } from "./run.ts";
import { registryAccount } from "./secret-outputs.ts";
import { readState } from "./state.ts";
import { healOrBegin } from "./up.ts";

const PROGRAM = fileURLToPath(new URL("../drills/soak.ts", import.meta.url));

/** A whole number from an option. Throws a UserError with its name and what is allowed. */
function whole(option: string, given: string, least: number): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UserError(`${option}: got ${given}, need a whole number from ${least} on`);
}

/** `npm run drill -- --soak N --seed S`. Returns 0 when every drill passed and no write was lost. */
export async function soak(
  { stack, json }: { stack: string; json: boolean },
  options: { readonly count: string; readonly seed?: string | undefined },
): Promise<number> {
  const start = performance.now();
  const count = whole("--soak", options.count, 1);
  const seed = whole("--seed", options.seed ?? String(Date.now() % 100_000), 0);
  const { engine } = await setUp(stack);
  if (!(await healOrBegin(stack, engine)))
    throw new UserError(`lab ${labName(stack)}: got no swarm, need one to break: \`npm run up\``);
  const description = await mustDescribe(stack);
  if (!description.expendable)
    throw new UserError(
      `lab ${labName(stack)}: got one that is not marked expendable, need \`swarm-lab:expendable: true\`: a soak breaks it again and again`,
    );
  const clusterId = String((await readState(stack))?.outputs.clusterId ?? "");
  const reports = reportsFolder(ROOT, labName(stack), clusterId);
  const told: SoakInput = { runId: newRunId(), count, seed, description, reports };
  const account = accountVariables(await registryAccount(stack));
  report(`soak: ${count} drills, seed ${seed}; reports in ${reports}`);
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM], {
    env: { ...process.env, ...account, LAB_SOAK: JSON.stringify(told) },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  let printed = "";
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  const { code } = await passSignals(child);
  const line = printed.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`the soak ended with code ${code} and no verdict`);
  if (json) console.log(line);
  else report(drawVerdict(JSON.parse(line) as Verdict));
  report(`${since(start)} in all`);
  return code ?? 1;
}
