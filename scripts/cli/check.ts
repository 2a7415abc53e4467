import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./paths.ts";
import { report, timed } from "./report.ts";
import { capture, passSignals } from "./run.ts";
import { add, type Counts, countReport } from "./vitest-report.ts";

const NONE: Counts = { passed: 0, failed: 0 };

/** A tool that judges the sources as a whole. What it says is shown when it finds something. */
async function tool(name: string, command: string, args: readonly string[]): Promise<Counts> {
  const result = await timed(`check: ${name}`, () =>
    capture(command, args, { cwd: ROOT, timeout: 300_000 }),
  );
  if (result.code === 0) return NONE;
  report(`${result.stdout}${result.stderr}`.trimEnd());
  report(`check: ${name} found mistakes (exit code ${result.code})`);
  return { passed: 0, failed: 1 };
}

/** Runs vitest on some projects, its output shown as it comes, and counts its JSON report. */
export async function vitest(
  projects: readonly string[],
  extra: readonly string[] = [],
): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "swarm-lab-vitest-"));
  const file = join(folder, "report.json");
  try {
    const args = ["run", "--config", "tests/vitest.config.ts", "--passWithNoTests"];
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const chosen = projects.map((project) => `--project=${project}`);
    const child = spawn("vitest", [...args, ...reporters, ...chosen, ...extra], {
      cwd: ROOT,
      stdio: ["ignore", 2, 2],
      detached: true,
    });
    const { code, interrupted } = await passSignals(child);
    if (interrupted) report("interrupted; what a test left of its lab goes with the next run");
    return countReport(await readFile(file, "utf8").catch(() => undefined), code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The fast part: format and lint, types, unit and component tests, side by side. */
export async function fastChecks(): Promise<Counts> {
  const tools = async () =>
    add(
      await tool("format and lint", "biome", ["ci", "--colors=off", "."]),
      await tool("types", "tsc", ["--project", ROOT, "--pretty", "false"]),
    );
  // Vitest leaves a processor to others, which on two is half of all.
  const tests = vitest(["unit", "components"], ["--maxWorkers=100%"]);
  return (await Promise.all([tools(), tests])).reduce(add);
}

/** Prints the last line and returns the exit code. */
export function conclude({ passed, failed }: Counts): number {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** `npm run check`. */
export async function check(): Promise<number> {
  return conclude(await fastChecks());
}
