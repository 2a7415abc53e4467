import type { Verdict } from "../drills/verdict.ts";
import { MEASURES, type Measure } from "./timeline.ts";

/** One run among those of its drill that decided something. Seconds, and writes. */
export interface TrendPoint {
  /** From 1 on, the oldest first. */
  readonly run: number;
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly verdict: Verdict["verdict"];
  readonly rto: Readonly<Record<Measure, number | null>>;
  /** Until all that was measured was back; null where nothing was. */
  readonly whole: number | null;
  readonly lost: number;
  readonly undone: number;
  readonly acknowledged: number;
}

export interface Trend {
  readonly points: readonly TrendPoint[];
  /** One sentence for a person: whether it got better. */
  readonly says: string;
}

/** Seconds as people read them. */
export const seconds = (value: number): string =>
  `${Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value)} s`;

/** Seconds: the next write comes as late where nothing is wrong at all. */
export const BRIEF = 1;
/** Less than this share of a change is chance. */
const NOTICEABLE = 0.1;

function compared(first: number, last: number): string {
  if (Math.max(first, last) < BRIEF) return "Nothing was away for as long as a second";
  const share = (last - first) / Math.max(first, BRIEF);
  const percent = `${Math.round(Math.abs(share) * 100)} %`;
  const both = `All back after ${seconds(first)} in the first run, ${seconds(last)} in the last`;
  if (Math.abs(share) < NOTICEABLE || Math.abs(last - first) < 0.5)
    return `${both}: about the same`;
  return `${both}: ${percent} ${share < 0 ? "faster" : "slower"}`;
}

const pointOf = (one: Verdict, run: number): TrendPoint => {
  const rto = {
    leader: one.rto.leader,
    api: one.rto.api,
    replicas: one.rto.replicas,
    request: one.rto.request,
  };
  const known = MEASURES.map((measure) => rto[measure]).filter((each) => each !== null);
  return {
    ...{ run, runId: one.runId, at: one.startedAt, verdict: one.verdict, rto },
    whole: known.length === 0 ? null : Math.max(...known),
    lost: one.rpo.lost,
    undone: one.rpo.undone,
    acknowledged: one.rpo.acknowledged,
  };
};

/** How RTO and RPO went over the runs of one drill. Runs that decided nothing (void, unavailable) are not among them. */
export function trendOf(verdicts: readonly Verdict[]): Trend {
  const decided = verdicts
    .filter(({ verdict }) => verdict === "passed" || verdict === "failed")
    .sort((a, b) => a.startedAt - b.startedAt);
  const points = decided.map((one, index) => pointOf(one, index + 1));
  const measured = points.filter(({ whole }) => whole !== null);
  const [first, last] = [measured[0]?.whole, measured.at(-1)?.whole];
  const times =
    measured.length < 2 || typeof first !== "number" || typeof last !== "number"
      ? "One more run shows whether it gets better"
      : compared(first, last);
  const lost = points.reduce((sum, point) => sum + point.lost, 0);
  const writes = points.reduce((sum, point) => sum + point.acknowledged, 0);
  const kept = writes === 0 ? "" : `; ${lost} of ${writes} acknowledged writes lost in all runs`;
  return { points, says: `${times}${kept}.` };
}
