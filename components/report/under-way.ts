import { Phase } from "../drills/evidence.ts";
import type { ProgressLine, RunRecord } from "./input.ts";
import { type Moment, type Timeline, writersOf } from "./timeline.ts";

/** A run without a verdict, as far as it has come. */
export interface UnderWay {
  readonly drill: string;
  readonly runId: string;
  /** Milliseconds since 1970, to the second. */
  readonly beganAt: number;
  /** Seconds since anything of it was written. */
  readonly silent: number;
  /** False when it was silent so long that it was killed rather. */
  readonly alive: boolean;
  /** The phases it has come to, and what each was about; seconds since it began. */
  readonly phases: readonly {
    readonly phase: string;
    readonly at: number;
    readonly says: string;
  }[];
  readonly timeline: Timeline;
  /** Its last words, the newest last. */
  readonly last: readonly string[];
}

/** Seconds of silence after which a run is taken for a killed one: no step of a drill waits longer without a word. */
export const SILENCE = 180;
const LAST = 6;

/** The lines of a drill's progress.log. A line that is none, as the rest of a longer message, is left out. */
export const parseProgress = (text: string): ProgressLine[] =>
  text.split("\n").flatMap((line) => {
    const [, seconds, says = ""] = /^ *(\d+) s {2}(.*)$/.exec(line) ?? [];
    return seconds === undefined ? [] : [{ seconds: Number(seconds), says: says.trim() }];
  });

/** The phase that a line of progress begins, as `break: m1 loses its power`. */
function phaseOf(says: string): { phase: string; says: string } | undefined {
  const [, phase = "", rest = ""] = /^([a-z-]+): (.*)$/.exec(says) ?? [];
  return Phase.safeParse(phase).success ? { phase, says: rest } : undefined;
}

/** A run as far as it has come. The drill writes its marks down at the end: until then its phases are the moments. */
export function underWay(run: RunRecord, now: number): UnderWay {
  const { drill, runId, progress, operations, lastSign } = run;
  const lastLine = progress.at(-1)?.seconds ?? 0;
  // What was written last says how long it had run then: no clock of its beginning is kept.
  const wrote = Math.max(...operations.map(({ start, end }) => end ?? start), 0);
  const firstWrite = Math.min(...operations.map(({ start }) => start));
  const beganAt = Math.min(lastSign - lastLine * 1000, firstWrite);
  const phases = progress.flatMap(({ seconds, says }) => {
    const found = phaseOf(says);
    return found === undefined ? [] : [{ at: seconds, ...found }];
  });
  const silent = Math.max(0, Math.round((now - lastSign) / 1000));
  const until = Math.max(lastSign, wrote);
  const moments: Moment[] = phases.map(({ phase, at }) => ({ name: phase, at }));
  return {
    ...{ drill, runId, beganAt, silent, alive: silent < SILENCE, phases },
    timeline: {
      ...{ zero: "beginning", from: 0, to: Math.max(1, (until - beganAt) / 1000), moments },
      measures: { leader: null, api: null, replicas: null, request: null },
      writers: writersOf(operations, beganAt, until, ({ result, end }) => {
        if (result === "failed") return "refused";
        // Not answered yet is no outcome: it is shown as lasting.
        return result === "ok" || end === null ? "acknowledged" : "unknown";
      }),
    },
    last: progress.slice(-LAST).map(({ seconds, says }) => `${seconds} s  ${says}`),
  };
}
