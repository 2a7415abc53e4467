import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const fileOf = (root: string, lab: string) => join(root, ".lab", lab, "drills.json");

/**
 * The run ids of the drills that were asked for on the command line, by drill. They are kept beside the lab and not in the
 * stack's configuration, which is the user's own file; and they are read here, so that plain `pulumi` knows them too.
 */
export function drillRuns(root: string, lab: string): Record<string, string> {
  const file = fileOf(root, lab);
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
}

/** Asks for a run of a drill, from the next `pulumi up` on. */
export function askForDrill(root: string, lab: string, drill: string, runId: string): void {
  write(fileOf(root, lab), { ...drillRuns(root, lab), [drill]: runId });
}

/** Asks no more for a run that was killed: nobody would know what it decides on a lab that was mended since. */
export function forgetDrill(root: string, lab: string, drill: string, runId: string): void {
  const { [drill]: asked, ...others } = drillRuns(root, lab);
  if (asked === runId) write(fileOf(root, lab), others);
}

function write(file: string, runs: Record<string, string>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(runs));
  renameSync(`${file}.new`, file);
}
