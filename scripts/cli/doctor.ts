import Table from "cli-table3";
import pc from "picocolors";
import { readFacts } from "./doctor-facts.ts";
import { doctorRows, type Row } from "./doctor-rows.ts";
import { report } from "./report.ts";
import { enterForLooking } from "./status.ts";

export interface DoctorOptions {
  readonly stack: string;
  readonly json: boolean;
}

const PAINT: Readonly<Record<Row["verdict"], (text: string) => string>> = {
  ok: pc.green,
  lack: pc.yellow,
  problem: pc.red,
};

function draw(rows: readonly Row[]): string {
  const table = new Table({
    head: ["what", "verdict", "found", "what that means"],
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    colWidths: [null, null, 40, 52],
    wordWrap: true,
  });
  for (const { name, verdict, found, means } of rows)
    table.push([name, PAINT[verdict](verdict), found, means ?? ""]);
  return table.toString();
}

/** The preflight: looks at what a lab needs of this machine and returns 1 when something makes one impossible. */
export async function doctor({ stack, json }: DoctorOptions): Promise<number> {
  const engine = await enterForLooking(stack);
  const rows = doctorRows(await readFacts(engine, stack, report));
  const problems = rows.filter(({ verdict }) => verdict === "problem");
  const lacks = rows.filter(({ verdict }) => verdict === "lack");
  if (json) {
    console.log(JSON.stringify({ possible: problems.length === 0, checks: rows }, undefined, 2));
  } else {
    console.log(draw(rows));
    const count = `${problems.length} problems, ${lacks.length} lacks`;
    console.log(
      problems.length === 0
        ? pc.green(`a lab can stand here: ${count}`)
        : pc.red(`no lab can stand here: ${count}`),
    );
  }
  return problems.length === 0 ? 0 : 1;
}
