import { DRILLS } from "../drills/catalogue/index.ts";
import type { Verdict } from "../drills/verdict.ts";
import type { AtWork, LabSeen, ReportInput, RunRecord, Unreadable } from "./input.ts";
import { once } from "./once.ts";
import { type PracticeFigures, practiceFigures } from "./practice.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { type DrawnZone, zonesOf } from "./topology.ts";
import { type Trend, trendOf } from "./trend.ts";
import { type UnderWay, underWay } from "./under-way.ts";

/** One run of a drill that has a verdict. */
export interface RunFigures {
  readonly cluster: string;
  readonly verdict: Verdict;
  /** Undefined where the lab could not stage it, or its evidence cannot be read. */
  readonly timeline?: Timeline;
  /** What the drill read from the lab, by its own names. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

export interface DrillFigures {
  readonly drill: string;
  readonly question: string;
  /** True for the wrong procedure, whose bad outcome must be seen. */
  readonly control: boolean;
  readonly limits: readonly string[];
  /** The newest first. */
  readonly runs: readonly RunFigures[];
  /** Older ones, beyond as many as were wanted. They are in the trend all the same. */
  readonly leftOut: number;
  readonly trend: Trend;
}

/** All figures of a report, as `--json` prints them. Moments are milliseconds since 1970. */
export interface ReportFigures {
  readonly lab: string;
  readonly at: number;
  readonly topology: { readonly seen: LabSeen; readonly zones: readonly DrawnZone[] } | string;
  readonly underWay: readonly UnderWay[];
  readonly atWork: AtWork;
  /** In the catalogue's order; only those that were run. */
  readonly drills: readonly DrillFigures[];
  readonly totals: {
    readonly runs: number;
    /** Drills that were run, and those whose newest run passed. */
    readonly drills: number;
    readonly passed: number;
    readonly catalogue: number;
    /** Writes, controls left out: there a loss is what has to be seen. */
    readonly acknowledged: number;
    readonly lost: number;
  };
  readonly practice: PracticeFigures;
  readonly unreadable: readonly Unreadable[];
  readonly otherLabs: readonly string[];
  readonly withheld: number;
}

type Judged = RunRecord & { readonly verdict: Verdict };

const judged = (run: RunRecord): run is Judged => run.verdict !== undefined;

const runFigures = once(({ cluster, verdict, evidence }: Judged): RunFigures => {
  if (evidence === undefined || evidence.available !== true) return { cluster, verdict };
  return {
    ...{ cluster, verdict, timeline: timelineOf(evidence, verdict.rto), facts: evidence.facts },
    ...(evidence.error === null ? {} : { error: evidence.error }),
  };
});

function drillFigures(drill: string, all: readonly Judged[], most: number): DrillFigures {
  const runs = [...all].sort((a, b) => b.verdict.startedAt - a.verdict.startedAt);
  const known = DRILLS.find(({ name }) => name === drill);
  return {
    drill,
    question:
      known?.question ?? (drill === "soak" ? "Does a swarm bear one failure after another?" : ""),
    control: known?.control ?? false,
    limits: known?.limits ?? [],
    runs: runs.slice(0, most).map(runFigures),
    leftOut: Math.max(0, runs.length - most),
    trend: trendOf(runs.map(({ verdict }) => verdict)),
  };
}

/** Place of a drill in the catalogue; what is not in it comes last. */
const place = (drill: string) => {
  const at = DRILLS.findIndex(({ name }) => name === drill);
  return at < 0 ? DRILLS.length : at;
};

/** Makes the figures out of what was read. `most`: runs of a drill that are told in full. */
export function figuresOf(input: ReportInput, { most }: { readonly most: number }): ReportFigures {
  const { lab, at, seen, runs, atWork, unreadable, otherLabs, withheld } = input;
  const decided = runs.filter(judged);
  const names = [...new Set(decided.map(({ drill }) => drill))];
  const drills = names
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) =>
      drillFigures(
        name,
        decided.filter(({ drill }) => drill === name),
        most,
      ),
    );
  const control = new Set(drills.filter((one) => one.control).map(({ drill }) => drill));
  const proper = decided.filter(({ drill }) => !control.has(drill));
  const sum = (of: (rpo: Verdict["rpo"]) => number) =>
    proper.reduce((total, { verdict }) => total + of(verdict.rpo), 0);
  return {
    ...{ lab, at, atWork, drills, unreadable, otherLabs, withheld },
    topology: "unseen" in seen ? seen.unseen : { seen, zones: zonesOf(seen) },
    underWay: runs
      .filter((run) => !judged(run))
      .map((run) => underWay(run, at))
      .sort((a, b) => b.beganAt - a.beganAt),
    totals: {
      runs: decided.length,
      drills: drills.length,
      passed: drills.filter(({ runs: [newest] }) => newest?.verdict.verdict === "passed").length,
      catalogue: DRILLS.length,
      acknowledged: sum(({ acknowledged }) => acknowledged),
      lost: sum(({ lost }) => lost),
    },
    practice: practiceFigures(input.done, input.exams),
  };
}
