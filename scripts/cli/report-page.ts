import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import pc from "picocolors";
import { UserError } from "../../components/errors.ts";
import { figuresOf } from "../../components/report/figures.ts";
import { pageOf } from "../../components/report/page.ts";
import { pageAssets } from "../report/assets.ts";
import { Gatherer } from "../report/gather.ts";
import { goLive } from "../report/live.ts";
import { readLab } from "../report/read-lab.ts";
import { labName, ROOT } from "./paths.ts";
import { report, timed } from "./report.ts";

export interface ReportOptions {
  readonly out?: string;
  readonly serve?: boolean;
  readonly port?: string;
  readonly runs?: string;
}

/** Runs of a drill that are told in full where nothing else is said. */
const MOST = 5;

/** The folder of all labs' reports. */
const REPORTS = join(ROOT, "reports");

/** A whole number from an option. Throws a UserError with its name and what is allowed. */
export function whole(option: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new UserError(
    `report ${option}: got ${JSON.stringify(given)}, need a whole number from ${least} to ${most}`,
  );
}

/** Refuses options that have no meaning together. */
export function refuseMisfits({ out, serve, port }: ReportOptions, json: boolean): void {
  if (port !== undefined && !serve)
    throw new UserError("report --port: got a port without --serve, need both, or neither");
  if (serve && (json || out !== undefined))
    throw new UserError(
      `report --serve: got it with ${json ? "--json" : "--out"}, need it alone: a served page has its figures at /figures.json`,
    );
  if (json && out !== undefined)
    throw new UserError("report --json: got it with --out, need one of them: data go to stdout");
}

/** Serves until somebody ends it: Ctrl-C, or a terminal that goes. */
async function untilEnded(gatherer: Gatherer, port: number, most: number): Promise<void> {
  const live = await timed("report: reading what was recorded", () =>
    goLive({ gatherer, port, most, say: report }),
  );
  console.log(live.url);
  report("report: live there, on this machine alone, until Ctrl-C; the lab is only looked at");
  await new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => done());
  });
  await live.stop();
  report("report: ended");
}

async function write(file: string, page: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, page, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** `npm run report`: one HTML file of all that a lab recorded, the same as data, or served and kept up to date. */
export async function reportPage(
  { stack, json }: { stack: string; json: boolean },
  options: ReportOptions,
): Promise<void> {
  refuseMisfits(options, json);
  const most = whole("--runs", options.runs ?? String(MOST), 1, 1000);
  const port = whole("--port", options.port ?? "0", 0, 65_535);
  const gatherer = new Gatherer({ stack, reports: REPORTS, look: readLab });
  if (options.serve) return untilEnded(gatherer, port, most);
  const figures = await timed("report: reading what was recorded", async () =>
    figuresOf((await gatherer.read()).input, { most }),
  );
  for (const { where, why } of figures.unreadable)
    report(pc.yellow(`report: left out: ${where}: ${why}`));
  if (json) return console.log(JSON.stringify(figures));
  const file = resolve(options.out ?? join(REPORTS, labName(stack), "report.html"));
  await timed("report: drawing", async () =>
    write(file, pageOf(figures, pageAssets({ live: false }))),
  );
  console.log(file);
}
