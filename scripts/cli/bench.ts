import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { describeProblem, UserError } from "../../components/errors.ts";
import { bench, benchTable } from "../bench.ts";
import { stackConfigFile } from "./paths.ts";
import { report } from "./report.ts";

const STACK = "bench";

export interface BenchVerbOptions {
  readonly runs: string;
  readonly against?: string;
  readonly json: boolean;
}

function refuse(where: string, got: string, need: string): never {
  throw new UserError(describeProblem({ where, got, need }));
}

/** Times up, preview and down of a lab of its own, `bench`, beside a yardstick script when there is one. */
export async function benchLab({ runs, against, json }: BenchVerbOptions): Promise<void> {
  const count = Number(runs);
  if (!Number.isInteger(count) || count < 1 || count > 100) refuse("--runs", runs, "1 to 100");
  if (against !== undefined && !existsSync(against)) {
    refuse(
      "--against",
      against,
      "the path of a script that knows `up NODE_IMAGE SERVICE_IMAGE` and `down`",
    );
  }
  // The dev lab under another name, so that a lab that stands is left alone.
  const config = stackConfigFile(STACK);
  await copyFile(stackConfigFile("dev"), config);
  const rows = await bench({ runs: count, against, stack: STACK }, report).finally(() =>
    rm(config),
  );
  console.log(json ? JSON.stringify(rows) : benchTable(rows));
}
