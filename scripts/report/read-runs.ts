import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseEvidence } from "../../components/drills/evidence.ts";
import { parseHistory } from "../../components/drills/history.ts";
import { DRILL_NAMES } from "../../components/drills/names.ts";
import type { RunRecord, Unreadable } from "../../components/report/input.ts";
import { withoutSecrets } from "../../components/report/secrets.ts";
import { parseProgress } from "../../components/report/under-way.ts";
import { parseVerdict } from "./verdict-file.ts";

/** What a run's folder may hold that a report is made from. */
const FILES = ["verdict.json", "evidence.json", "progress.log", "history.jsonl"] as const;
type FileName = (typeof FILES)[number];

export interface RunsRead {
  readonly runs: readonly RunRecord[];
  readonly unreadable: readonly Unreadable[];
  readonly withheld: number;
  /** Differs when any of the files does. */
  readonly stamp: string;
}

interface Known {
  readonly stamp: string;
  readonly run?: RunRecord;
  readonly unreadable: readonly Unreadable[];
  readonly withheld: number;
}

/** Run id and drill of a folder `RUN-ID-DRILL`; run ids and drills have dashes of their own, and the longest name fits. */
export function named(folder: string): { drill: string; runId: string } | undefined {
  const drill = [...DRILL_NAMES, "soak"]
    .filter((name) => folder.endsWith(`-${name}`))
    .sort((a, b) => b.length - a.length)[0];
  return drill === undefined ? undefined : { drill, runId: folder.slice(0, -drill.length - 1) };
}

/** The names of the folders in a folder, sorted; none where there is no such folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

type Stamps = Partial<Record<FileName, { readonly at: number; readonly size: number }>>;

async function stampsOf(folder: string): Promise<Stamps> {
  const found = await Promise.all(
    FILES.map(async (name) => {
      const file = await stat(join(folder, name)).catch(() => undefined);
      return file === undefined ? [] : [[name, { at: file.mtimeMs, size: file.size }] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Reads one run. What cannot be read of it is said, and the rest is told all the same. */
async function readRun(cluster: string, folder: string, name: string, stamps: Stamps) {
  const unreadable: Unreadable[] = [];
  let withheld = 0;
  const read = async <T>(file: FileName, parse: (text: string) => T): Promise<T | undefined> => {
    if (stamps[file] === undefined) return undefined;
    try {
      const { text, found } = withoutSecrets(await readFile(join(folder, file), "utf8"));
      withheld += found;
      return parse(text);
    } catch (error) {
      const [why = ""] = (error as Error).message.split("\n");
      unreadable.push({ where: join(folder, file), why });
      return undefined;
    }
  };
  const verdict = await read("verdict.json", parseVerdict);
  const evidence = await read("evidence.json", parseEvidence);
  const progress = verdict ? undefined : await read("progress.log", parseProgress);
  const operations = verdict ? undefined : await read("history.jsonl", parseHistory);
  const about = verdict ?? evidence ?? named(name);
  if (about === undefined) return { unreadable, withheld };
  const run: RunRecord = {
    ...{ drill: about.drill, runId: about.runId, cluster },
    ...(verdict === undefined ? {} : { verdict }),
    ...(evidence === undefined ? {} : { evidence }),
    ...{ progress: progress ?? [], operations: operations ?? [] },
    lastSign: Math.max(...Object.values(stamps).map(({ at }) => at)),
  };
  return { run, unreadable, withheld };
}

/** Reads the runs of all swarms of one lab. A run that did not change since is not read again. */
export class RunsReader {
  private readonly folder: string;
  private known = new Map<string, Known>();

  /** `folder`: the lab's in the reports folder. */
  constructor(folder: string) {
    this.folder = folder;
  }

  async read(): Promise<RunsRead> {
    const places: { cluster: string; name: string; folder: string }[] = [];
    for (const cluster of await foldersIn(this.folder))
      for (const name of await foldersIn(join(this.folder, cluster)))
        places.push({ cluster, name, folder: join(this.folder, cluster, name) });
    const next = new Map<string, Known>();
    for (const { cluster, name, folder } of places) {
      const stamps = await stampsOf(folder);
      if (Object.keys(stamps).length === 0) continue;
      const stamp = `${folder} ${JSON.stringify(stamps)}`;
      const known = this.known.get(folder);
      next.set(
        folder,
        known?.stamp === stamp
          ? known
          : { stamp, ...(await readRun(cluster, folder, name, stamps)) },
      );
    }
    this.known = next;
    const all = [...next.values()];
    return {
      runs: all.flatMap(({ run }) => run ?? []),
      unreadable: all.flatMap(({ unreadable }) => unreadable),
      withheld: all.reduce((sum, { withheld }) => sum + withheld, 0),
      stamp: all.map(({ stamp }) => stamp).join("\n"),
    };
  }
}
