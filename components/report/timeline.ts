import { check } from "../drills/checker.ts";
import type { Evidence } from "../drills/evidence.ts";
import type { Operation } from "../drills/history.ts";
import type { Rto } from "../drills/verdict.ts";

/** What became of a write. `undone`: acknowledged after the backup, and taken back by the restore as it has to. */
export const OUTCOMES = ["acknowledged", "lost", "undone", "unknown", "refused"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One write; `from` and `to` in seconds on the timeline. */
export interface Write {
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
}

/** A moment or, with `to`, a time, in seconds on the timeline. */
export interface Moment {
  readonly name: string;
  readonly at: number;
  readonly to?: number;
}

export const MEASURES = ["leader", "api", "replicas", "request"] as const;
export type Measure = (typeof MEASURES)[number];

/** As people read it. */
export const nameOf = (measure: Measure): string => (measure === "api" ? "API" : measure);

/** A drill as a person sees it: when what happened. Seconds, from the break; from the drill's beginning where nothing was broken. */
export interface Timeline {
  readonly zero: "break" | "beginning";
  readonly from: number;
  readonly to: number;
  /** From the break until all was well again; `to` is missing where it never was. */
  readonly fault?: Moment;
  readonly moments: readonly Moment[];
  /** How long each was away after the break; null: not measured. */
  readonly measures: Readonly<Record<Measure, number | null>>;
  readonly writers: readonly { readonly writer: string; readonly writes: readonly Write[] }[];
}

/** Marks that RTO is measured by, or that are told otherwise. All others are the drill's own. */
const TOLD = [...MEASURES, "fault", "healed", "writers-stopped", "end"];

const present = (evidence: Evidence, name: string) =>
  evidence.reads.some(({ values }) => Object.hasOwn(values, name));

/** Seconds to hundredths: no plot shows more. */
const rounded = (milliseconds: number) => Math.round(milliseconds / 10) / 100;

/** What became of each write by the checker's own judgement. */
function outcomes(evidence: Evidence): (operation: Operation) => Outcome {
  const { operations, reads, fault, cut } = evidence;
  const lost = new Set(check({ operations, reads, fault, cut, minimum: 0 }).lost);
  return ({ name, result, start }) => {
    if (result === "failed") return "refused";
    if (result === "indeterminate") return "unknown";
    // Where nothing was read in the end, nothing is known to be gone.
    if (reads.length === 0) return "acknowledged";
    if (lost.has(name)) return "lost";
    return cut && start > cut.to && !present(evidence, name) ? "undone" : "acknowledged";
  };
}

/**
 * The writes of each writer, by their beginning. A writer goes on to the next only when it is done with one: a write that was
 * never answered lasts until then, and the last of all until `until`.
 */
export function writersOf(
  operations: readonly Operation[],
  zero: number,
  until: number,
  outcomeOf: (operation: Operation) => Outcome,
): Timeline["writers"] {
  const writers = [...new Set(operations.map(({ writer }) => writer))].sort();
  return writers.map((writer) => {
    const own = operations
      .filter((operation) => operation.writer === writer)
      .sort((a, b) => a.start - b.start);
    const writes = own.map((operation, index) => {
      const end = operation.end ?? own[index + 1]?.start ?? until;
      return {
        from: rounded(operation.start - zero),
        to: rounded(Math.max(end, operation.start) - zero),
        outcome: outcomeOf(operation),
      };
    });
    return { writer, writes };
  });
}

/**
 * When the break first showed: the first write begun after it that was not acknowledged, or the first of the drill's own
 * marks, as `down` or `elected`, whichever was sooner. Undefined where nothing showed it.
 */
function firstSign({ operations, marks }: Evidence, zero: number, own: readonly number[]) {
  const failed = operations
    .filter(({ result, start }) => result !== "ok" && start >= zero)
    .map(({ start, end }) => end ?? start);
  const signs = [...failed, ...own.filter((at) => at > zero)];
  const healed = marks.healed ?? Number.POSITIVE_INFINITY;
  const first = Math.min(...signs);
  return Number.isFinite(first) && first <= healed ? first : undefined;
}

/** The timeline of a drill that ran. The same evidence has the same timeline. */
export function timelineOf(evidence: Evidence, rto: Rto): Timeline {
  const { marks, fault, cut, startedAt, endedAt, operations } = evidence;
  const broken = marks.fault ?? fault?.from;
  const zero = broken ?? startedAt;
  const at = (moment: number) => rounded(moment - zero);
  const own = Object.entries(marks).filter(([name]) => !TOLD.includes(name));
  const sign =
    broken === undefined
      ? undefined
      : firstSign(
          evidence,
          zero,
          own.map(([, when]) => when),
        );
  const healed = marks.healed ?? fault?.to ?? undefined;
  const moments: Moment[] = [
    ...(cut ? [{ name: "backup", at: at(cut.from), to: at(cut.to) }] : []),
    ...(broken === undefined ? [] : [{ name: "break", at: 0 }]),
    ...(sign === undefined ? [] : [{ name: "first sign", at: at(sign) }]),
    ...own.map(([name, when]) => ({ name, at: at(when) })),
    ...(healed === undefined ? [] : [{ name: "recovered", at: at(healed) }]),
  ];
  const ends = operations.map(({ start, end }) => end ?? start);
  const until = Math.max(marks["writers-stopped"] ?? 0, healed ?? 0, zero, ...ends);
  const first = Math.min(zero, cut?.from ?? zero, ...operations.map(({ start }) => start));
  const to = operations.length > 0 || healed !== undefined ? until : endedAt;
  return {
    zero: broken === undefined ? "beginning" : "break",
    from: at(first),
    to: Math.max(at(to), ...Object.values(rto).map((seconds) => seconds ?? 0), 1),
    ...(broken === undefined
      ? {}
      : { fault: { name: "fault", at: 0, ...(healed === undefined ? {} : { to: at(healed) }) } }),
    moments: moments.sort((a, b) => a.at - b.at),
    measures: {
      leader: rto.leader,
      api: rto.api,
      replicas: rto.replicas,
      request: rto.request,
    },
    writers: writersOf(operations, zero, until, outcomes(evidence)),
  };
}

/** How many writes of a writer came out how. */
export const countsOf = (writes: readonly Write[]): Readonly<Record<Outcome, number>> =>
  Object.fromEntries(
    OUTCOMES.map((one) => [one, writes.filter(({ outcome }) => outcome === one).length]),
  ) as Record<Outcome, number>;
