import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** File in a run's folder from the moment it breaks a lab until the lab is seen to be whole again. */
const MARK = "unmended.json";

/** A run that has not left its lab as it found it: it was killed, or it failed. */
export interface UnmendedRun {
  readonly drill: string;
  readonly runId: string;
  readonly folder: string;
}

/** Says that from here on the lab may be broken by this run. */
export const markUnmended = (folder: string, run: Omit<UnmendedRun, "folder">): Promise<void> =>
  writeFile(join(folder, MARK), JSON.stringify(run));

/** Says that the lab is as it was found. */
export const markMended = (folder: string): Promise<void> =>
  rm(join(folder, MARK), { force: true });

/** The runs under a folder of reports, of whichever swarm of the lab's name, after which nobody saw the lab whole. */
export async function unmendedRuns(reports: string): Promise<UnmendedRun[]> {
  if (!existsSync(reports)) return [];
  const names = await readdir(reports, { recursive: true });
  const marks = names.filter((name) => name.endsWith(`/${MARK}`));
  return Promise.all(
    marks.map(async (name) => {
      const file = join(reports, name);
      const run = JSON.parse(await readFile(file, "utf8")) as Omit<UnmendedRun, "folder">;
      return { drill: run.drill, runId: run.runId, folder: join(file, "..") };
    }),
  );
}
