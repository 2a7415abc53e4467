import type { Operation } from "./history.ts";

/** All writes of a drill as one manager tells them at the end: name to data. */
export interface Read {
  readonly manager: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Milliseconds since 1970. A fault without an end was never recovered from. */
export interface FaultSpan {
  readonly from: number;
  readonly to: number | null;
}

/** From just before the engine stopped for the backup until the archive was made: what a restore goes back to. */
export interface CutSpan {
  readonly from: number;
  readonly to: number;
}

export interface CheckInput {
  readonly operations: readonly Operation[];
  readonly reads: readonly Read[];
  readonly fault: FaultSpan | null;
  /** Given when a backup was restored: what was acknowledged after it has to be gone. */
  readonly cut?: CutSpan | null;
  /** Acknowledged writes needed on either side of the fault (and of the cut), for there to be anything to judge. */
  readonly minimum: number;
  /** When the writers were stopped, in case the last write of all was never answered. */
  readonly until?: number;
}

/** Lists hold names of writes, sorted. */
export interface Checked {
  readonly acknowledged: number;
  readonly indeterminate: number;
  readonly failed: number;
  /** Not acknowledged, and present: legal. */
  readonly recovered: number;
  /** Acknowledged between cut and fault, and gone as a restore has it: the RPO in writes, and in seconds at most. */
  readonly undone: number;
  readonly undoneSeconds: number;
  /** Have to be there and are missing from a read. */
  readonly lost: readonly string[];
  /** Their data is not their name. */
  readonly corrupt: readonly string[];
  /** Some managers tell them and others do not: `NAME: not on m2`. */
  readonly diverged: readonly string[];
  /** Written after the cut and before the fault, and there all the same: this is not what the backup held. */
  readonly resurrected: readonly string[];
  /** Refused for certain, and present. */
  readonly phantom: readonly string[];
  /** Present, but in no history: a client's last words may be lost with its node. */
  readonly unrecorded: readonly string[];
  readonly maxGapSeconds: number;
  /** When the longest gap began; null without any write. */
  readonly gapFrom: number | null;
  /** Acknowledged before the fault began, and begun after it was over. */
  readonly before: number;
  readonly after: number;
  /** Why this history decides nothing. */
  readonly void?: string;
}

type Demand = "present" | "absent" | "either";

/** Whether a write has to be in the final reads. Whatever overlaps the cut or the disaster may be there or not. */
function demandOf(operation: Operation, { cut, fault }: CheckInput): Demand {
  const { result, start, end } = operation;
  if (result === "failed") return "absent";
  if (!cut) return result === "ok" ? "present" : "either";
  const ended = end ?? Number.POSITIVE_INFINITY;
  // What was not acknowledged then cannot have got into the archive either.
  if (start > cut.to && ended < (fault?.from ?? Number.POSITIVE_INFINITY)) return "absent";
  if (result !== "ok") return "either";
  const recovered = fault?.to ?? Number.POSITIVE_INFINITY;
  return ended < cut.from || start > recovered ? "present" : "either";
}

/** The longest time without an acknowledgement while anybody wrote, over all writers in `operations` together. */
export function longestGap(
  operations: readonly Operation[],
  until?: number,
): { readonly seconds: number; readonly from: number | null } {
  if (operations.length === 0) return { seconds: 0, from: null };
  const last = Math.max(until ?? 0, ...operations.map(({ start, end }) => end ?? start));
  const first = Math.min(...operations.map(({ start }) => start));
  const acks = operations.flatMap(({ result, end }) =>
    result === "ok" && end !== null ? [end] : [],
  );
  const times = [first, ...acks, last].sort((a, b) => a - b);
  let gap = { milliseconds: 0, from: first };
  times.slice(1).forEach((time, index) => {
    const from = times[index] ?? time;
    if (time - from > gap.milliseconds) gap = { milliseconds: time - from, from };
  });
  return { seconds: gap.milliseconds / 1000, from: gap.from };
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

function divergedIn(reads: readonly Read[]): string[] {
  const all = sorted(reads.flatMap(({ values }) => Object.keys(values)));
  return all.flatMap((name) => {
    const without = reads.filter(({ values }) => !Object.hasOwn(values, name));
    const managers = sorted(without.map(({ manager }) => manager)).join(", ");
    return without.length === 0 ? [] : [`${name}: not on ${managers}`];
  });
}

/** Why nothing can be judged; undefined when it can. */
function voidOf(input: CheckInput, counts: Readonly<Record<string, number>>): string | undefined {
  const names = new Set<string>();
  for (const { name, start, end } of input.operations) {
    if (names.has(name)) return `${name} is in the history twice`;
    if (end !== null && end < start) return `${name} ended before it began: a clock went back`;
    names.add(name);
  }
  if (input.reads.length === 0) return "no manager was read in the end";
  const short = Object.entries(counts).find(([, count]) => count < input.minimum);
  if (!short) return undefined;
  return `${short[1]} acknowledged writes ${short[0]}, need ${input.minimum}`;
}

/**
 * Judges a history as Jepsen's set-full and etcd's robustness tests do. Every acknowledged write is in every manager's
 * final read, with its own data, and all managers tell the same; a write of unknown outcome may be there or not. After a
 * restore the cut has to be exact as well. The order of operations and reads does not matter.
 */
export function check(input: CheckInput): Checked {
  const { operations, reads, fault, cut } = input;
  const inAll = (name: string) => reads.every(({ values }) => Object.hasOwn(values, name));
  const inAny = (name: string) => reads.some(({ values }) => Object.hasOwn(values, name));
  const oks = operations.filter(({ result }) => result === "ok");
  const present = operations.filter(({ name }) => inAny(name));
  const demanding = (demand: Demand, from: readonly Operation[]) =>
    from.filter((operation) => demandOf(operation, input) === demand);
  const uninvited = demanding("absent", present);
  const namesOf = (list: readonly Operation[]) => sorted(list.map(({ name }) => name));
  const known = new Set(operations.map(({ name }) => name));
  const written = reads.flatMap(({ values }) => Object.entries(values));
  const acked = (test: (operation: Operation) => boolean) => oks.filter(test).length;

  const from = fault?.from ?? Number.POSITIVE_INFINITY;
  const before = acked(({ end }) => end !== null && end < from);
  const to = fault?.to ?? Number.POSITIVE_INFINITY;
  const after = acked(({ start }) => start > to);
  const counts = {
    ...(cut ? { "before the cut": acked(({ end }) => end !== null && end < cut.from) } : {}),
    ...(cut ? { "between cut and fault": demanding("absent", oks).length } : {}),
    ...(fault ? { "before the fault": before, "after the fault": after } : { "in all": before }),
  };
  const gap = longestGap(operations, input.until);
  const undone = oks.filter(({ name, start }) => cut && start > cut.to && !inAny(name)).length;
  const nothing = voidOf(input, counts);
  return {
    acknowledged: oks.length,
    indeterminate: operations.filter(({ result }) => result === "indeterminate").length,
    failed: operations.filter(({ result }) => result === "failed").length,
    recovered: present.filter(({ result }) => result === "indeterminate").length,
    undone: reads.length === 0 ? 0 : undone,
    undoneSeconds: cut && fault ? (fault.from - cut.from) / 1000 : 0,
    lost: namesOf(demanding("present", operations).filter(({ name }) => !inAll(name))),
    corrupt: sorted(written.flatMap(([name, data]) => (data === name ? [] : [name]))),
    diverged: divergedIn(reads),
    resurrected: namesOf(uninvited.filter(({ result }) => result !== "failed")),
    phantom: namesOf(uninvited.filter(({ result }) => result === "failed")),
    unrecorded: sorted(written.flatMap(([name]) => (known.has(name) ? [] : [name]))),
    maxGapSeconds: gap.seconds,
    gapFrom: gap.from,
    before,
    after,
    ...(nothing === undefined ? {} : { void: nothing }),
  };
}
