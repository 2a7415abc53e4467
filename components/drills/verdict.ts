import { type Checked, check } from "./checker.ts";
import { type Evidence, preconditionOf, type Step } from "./evidence.ts";

/** One thing a drill asserts: what was expected, what was seen. */
export interface Check {
  readonly name: string;
  readonly expected: string;
  readonly seen: string;
  readonly ok: boolean;
}

/** Seconds from the fault to: a leader, an acknowledged write, all replicas, an answered request. Null: not measured. */
export interface Rto {
  readonly leader: number | null;
  readonly api: number | null;
  readonly replicas: number | null;
  readonly request: number | null;
}

/** In writes, except for `maxGap` and `undoneSeconds`, in seconds. `undone` is what a restore takes back by right. */
export interface Rpo {
  readonly acknowledged: number;
  readonly lost: number;
  readonly indeterminate: number;
  readonly maxGap: number;
  readonly undone: number;
  readonly undoneSeconds: number;
}

export interface Verdict {
  readonly drill: string;
  readonly runId: string;
  /** void: a precondition or the traffic was missing, nothing is decided. unavailable: this lab cannot stage it. */
  readonly verdict: "passed" | "failed" | "void" | "unavailable";
  readonly reason: string;
  readonly checks: readonly Check[];
  readonly rto: Rto;
  readonly rpo: Rpo;
  readonly steps: readonly Step[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly reportFolder?: string;
}

export interface JudgeOptions {
  /** Acknowledged writes needed on either side of the fault (default 20). 0: the drill has no writers, none is judged. */
  readonly minimum?: number;
  /** A negative control: the wrong procedure has to lose an acknowledged write, and the checker to see it. */
  readonly expectLost?: boolean;
  readonly reportFolder?: string;
}

/** As people read it: a text as it is, all else as JSON. */
const said = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");

export function checkThat(name: string, expected: unknown, seen: unknown, ok: boolean): Check {
  return { name, expected: said(expected), seen: said(seen), ok };
}

/** Equal as JSON, keys in the same order; a value that is missing is never equal, not even to another one missing. */
export function checkEqual(name: string, expected: unknown, seen: unknown): Check {
  const known = expected !== undefined && seen !== undefined;
  return checkThat(
    name,
    expected,
    seen,
    known && JSON.stringify(expected) === JSON.stringify(seen),
  );
}

function counted(names: readonly string[], of?: number): string {
  const total = of === undefined ? "" : ` of ${of}`;
  if (names.length === 0) return `0${total}`;
  const more = names.length > 3 ? ", ..." : "";
  return `${names.length}${total}: ${names.slice(0, 3).join(", ")}${more}`;
}

function none(name: string, found: readonly string[], of?: number): Check {
  const expected = of === undefined ? "0" : `0 of ${of}`;
  return checkThat(name, expected, counted(found, of), found.length === 0);
}

/** What the writes prove. Where the history decides nothing, only what is wrong all the same. */
function writeChecks(evidence: Evidence, checked: Checked): Check[] {
  const all = [
    none("no acknowledged write is lost", checked.lost, checked.acknowledged),
    none("every write has its own data", checked.corrupt),
    none("all managers tell the same writes", checked.diverged),
    none("no write that was refused is there", checked.phantom, checked.failed),
    ...(evidence.cut ? [none("nothing from after the backup is there", checked.resurrected)] : []),
  ];
  return checked.void === undefined ? all : all.filter(({ ok }) => !ok);
}

/** Of a negative control: what is lost is the point, so that nothing else is asked of the writes. */
function controlChecks({ lost, acknowledged, void: nothing }: Checked): Check[] {
  if (lost.length === 0 && nothing !== undefined) return [];
  const seen = counted(lost, acknowledged);
  return [checkThat("the checker reports the loss", "1 or more", seen, lost.length > 0)];
}

function rtoOf({ marks, fault }: Evidence): Rto {
  const from = marks.fault ?? fault?.from;
  const to = (mark: string) => {
    const moment = marks[mark];
    if (from === undefined || moment === undefined || moment < from) return null;
    return (moment - from) / 1000;
  };
  return {
    leader: to("leader"),
    api: to("api"),
    replicas: to("replicas"),
    request: to("request"),
  };
}

function failure(checks: readonly Check[]): string | undefined {
  const [first, ...others] = checks.filter(({ ok }) => !ok);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${first.name}: expected ${first.expected}, seen ${first.seen}${more}`;
}

function success(checks: readonly Check[], checked: Checked | undefined): string {
  const holds = checks.length === 1 ? "the check holds" : `all ${checks.length} checks hold`;
  if (checked === undefined) return holds;
  return `${holds}, ${checked.lost.length} of ${checked.acknowledged} acknowledged writes lost`;
}

type Decision = Pick<Verdict, "verdict" | "reason" | "checks">;

function decide(
  evidence: Evidence,
  own: readonly Check[],
  checked: Checked | undefined,
  options: Required<Pick<JudgeOptions, "minimum" | "expectLost">>,
): Decision {
  const { available, error } = evidence;
  if (available !== true) return { verdict: "unavailable", reason: available.reason, checks: [] };
  const precondition = preconditionOf(error);
  if (precondition !== undefined) return { verdict: "void", reason: precondition, checks: own };
  const { expectLost, minimum } = options;
  // A loss that is seen needs no more traffic to be one: a control that showed it has decided.
  const nothing = expectLost && checked?.lost.length ? undefined : checked?.void;
  const writes = checked === undefined ? [] : writesOf(evidence, checked, expectLost);
  const needed = `a whole history, ${minimum} acknowledged writes on either side`;
  const why =
    nothing === undefined ? [] : [checkThat("the writes decide something", needed, nothing, false)];
  const checks = [...own, ...why, ...writes];
  if (error !== null) return { verdict: "failed", reason: error, checks };
  const failed = failure([...own, ...writes]);
  if (failed !== undefined) return { verdict: "failed", reason: failed, checks };
  if (nothing !== undefined) return { verdict: "void", reason: nothing, checks };
  if (own.length === 0) return { verdict: "void", reason: "the drill checked nothing", checks };
  return { verdict: "passed", reason: success(checks, checked), checks };
}

const writesOf = (evidence: Evidence, checked: Checked, expectLost: boolean) =>
  expectLost ? controlChecks(checked) : writeChecks(evidence, checked);

/**
 * The verdict over what a drill recorded and what it asserts. Pure: the same evidence has the same verdict at any time.
 * Nothing passes by absence: without checks, or without enough writes on either side of the fault, the verdict is void.
 */
export function judge(
  evidence: Evidence,
  checks: readonly Check[],
  { minimum = 20, expectLost = false, reportFolder }: JudgeOptions = {},
): Verdict {
  const { drill, runId, steps, startedAt, endedAt, operations, reads, fault, cut } = evidence;
  const until = evidence.marks["writers-stopped"];
  const checked = check({ operations, reads, fault, cut, minimum, until });
  const judged = minimum > 0 || expectLost ? checked : undefined;
  return {
    drill,
    runId,
    ...decide(evidence, checks, judged, { minimum, expectLost }),
    rto: rtoOf(evidence),
    rpo: {
      acknowledged: checked.acknowledged,
      lost: checked.lost.length,
      indeterminate: checked.indeterminate,
      maxGap: checked.maxGapSeconds,
      undone: checked.undone,
      undoneSeconds: checked.undoneSeconds,
    },
    steps,
    startedAt,
    endedAt,
    ...(reportFolder === undefined ? {} : { reportFolder }),
  };
}
