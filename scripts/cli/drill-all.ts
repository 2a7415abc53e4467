import Table from "cli-table3";
import pc from "picocolors";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import type { Drill } from "../../components/drills/drill.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { UserError } from "../../components/errors.ts";
import { setUp } from "../setup/setup.ts";
import { newRunId, standAgain } from "./drill.ts";
import { drillApart } from "./drill-apart.ts";
import { seconds } from "./drill-view.ts";
import { report, since } from "./report.ts";
import { registryAccount } from "./secret-outputs.ts";

/** The order that makes sense on one lab: what leaves it as it was first, the wrong procedures last. */
export const inOrder = (drills: readonly Drill[]): Drill[] =>
  [...drills].sort((a, b) => Number(a.control ?? false) - Number(b.control ?? false));

const took = ({ startedAt, endedAt }: Verdict) => (endedAt - startedAt) / 1000;

/** One line for each drill: its verdict, how fast what came back, what was lost, how long it took. */
export function drawVerdicts(verdicts: readonly Verdict[]): string {
  const table = new Table({
    head: ["drill", "verdict", "leader", "writes", "longest gap", "lost", "took"],
    style: { head: [] },
  });
  for (const one of verdicts) {
    const { drill, verdict, rto, rpo } = one;
    const paint = verdict === "passed" ? pc.green : verdict === "failed" ? pc.red : pc.yellow;
    const judged = rpo.acknowledged > 0;
    table.push([
      ...[drill, paint(verdict), seconds(rto.leader), seconds(rto.api)],
      judged ? seconds(rpo.maxGap) : "-",
      judged ? `${rpo.lost} of ${rpo.acknowledged}` : "-",
      seconds(took(one)),
    ]);
  }
  const reasons = verdicts
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ drill, verdict, reason }) => `${drill}: ${verdict}: ${reason}`);
  return [table.toString(), ...reasons].join("\n");
}

/** 0 when every drill passed or cannot run here; 1 when one failed; 2 when one decided nothing. */
export function codeOf(verdicts: readonly Pick<Verdict, "verdict">[]): number {
  const said = new Set(verdicts.map(({ verdict }) => verdict));
  if (said.has("failed")) return 1;
  return said.has("void") ? 2 : 0;
}

/**
 * `npm run drill -- --all`: every drill on one lab. After one that failed the lab is mended and the next one runs; where it
 * cannot be mended it ends there. Always ends with the table, and with `json` with the list of verdicts.
 */
export async function drillAll({ stack, json }: { stack: string; json: boolean }): Promise<number> {
  const start = performance.now();
  const { engine } = await setUp(stack);
  await standAgain(stack, engine);
  const account = await registryAccount(stack);
  const runId = newRunId();
  const verdicts: Verdict[] = [];
  let broken: string | undefined;
  const drills = inOrder(DRILLS);
  for (const [index, { name }] of drills.entries()) {
    report(pc.dim(`${index + 1} of ${drills.length}, ${since(start)} so far`));
    try {
      // Each its own id: what one that failed wrote must not count as another's.
      const told = { name, runId: `${runId}-${index + 1}` };
      verdicts.push(await drillApart({ stack, engine, account }, told));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken = `${name}: ${error.message}`;
      break;
    }
  }
  if (json) console.log(JSON.stringify(verdicts));
  report(drawVerdicts(verdicts));
  if (broken !== undefined) report(pc.red(`ended after ${verdicts.length} drills: ${broken}`));
  report(`${since(start)} in all`);
  return broken === undefined ? codeOf(verdicts) : 1;
}
