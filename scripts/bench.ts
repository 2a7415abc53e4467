/**
 * Times the lab as a user would: `up`, a `preview` that finds nothing to do, and `down`, images warm, each run in turn
 * with a yardstick script (`YARDSTICK up NODE_IMAGE SERVICE_IMAGE`, `YARDSTICK down`, which print their seconds) so that a
 * machine whose speed drifts slows both. Prints medians and ratios; it judges nothing.
 */
import { performance } from "node:perf_hooks";
import Table from "cli-table3";
import { x } from "tinyexec";
import { UserError } from "../components/errors.ts";
import { imageTag } from "./images.ts";

export interface BenchOptions {
  readonly runs: number;
  /** Path of the yardstick; absent: only the lab is timed. */
  readonly against?: string;
  readonly stack: string;
}

export interface Row {
  readonly what: string;
  readonly lab: readonly number[];
  readonly yardstick: readonly number[];
}

/** The middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}

async function timed(command: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { exitCode, stderr } = await x(command, args);
  if (exitCode !== 0) {
    const end = stderr.trim().split("\n").slice(-5).join(" | ");
    throw new UserError(
      `bench: ${[command, ...args].join(" ")} ended with code ${exitCode}: ${end}`,
    );
  }
  return (performance.now() - start) / 1000;
}

/** Runs the benchmark; `report` gets a line per step while it runs. Its lab is removed also when a step fails. */
export async function bench(
  { runs, against, stack }: BenchOptions,
  report: (line: string) => void,
): Promise<Row[]> {
  const lab = (verb: string) => timed("sh", ["scripts/lab", verb, "--stack", stack]);
  const up: number[][] = [[], []];
  const preview: number[] = [];
  const down: number[][] = [[], []];
  const note = (what: string, seconds: number, to: number[] | undefined) => {
    to?.push(seconds);
    report(`${what} ${seconds.toFixed(1)} s`);
  };
  await lab("down"); // also does the set-up, so that no run pays for it
  for (let run = 1; run <= runs; run += 1) {
    if (against !== undefined) {
      const images = [imageTag("node"), imageTag("app")];
      note(`run ${run}: yardstick up`, await timed(against, ["up", ...images]), up[1]);
      note(`run ${run}: yardstick down`, await timed(against, ["down"]), down[1]);
    }
    try {
      note(`run ${run}: lab up`, await lab("up"), up[0]);
      note(`run ${run}: lab preview`, await lab("preview"), preview);
    } finally {
      note(`run ${run}: lab down`, await lab("down"), down[0]);
    }
  }
  return [
    { what: "up", lab: up[0] ?? [], yardstick: up[1] ?? [] },
    { what: "preview without change", lab: preview, yardstick: [] },
    { what: "down", lab: down[0] ?? [], yardstick: down[1] ?? [] },
  ];
}

/** The figures as a table: median (smallest to largest) and the ratio of the medians. */
export function benchTable(rows: readonly Row[]): string {
  const figure = (values: readonly number[]) =>
    values.length === 0
      ? ""
      : `${median(values).toFixed(1)} s (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
  const table = new Table({ head: ["", "lab", "yardstick", "ratio"], style: { head: [] } });
  for (const { what, lab, yardstick } of rows) {
    const ratio = median(lab) / median(yardstick);
    table.push([what, figure(lab), figure(yardstick), Number.isNaN(ratio) ? "" : ratio.toFixed(2)]);
  }
  return table.toString();
}
