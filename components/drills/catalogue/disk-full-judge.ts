import { longestGap } from "../checker.ts";
import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { ending, type Said } from "./said.ts";

interface Facts {
  /** Per cent of the small disk that are used, before and after it is filled, and after it is freed. */
  readonly used: { readonly before: number; readonly full: number; readonly freed: number };
  /** The manager's entry while its disk is full and the log has room, then at the end of its segment. */
  readonly entryFull: string;
  readonly entryStopped: string;
  /** What its engine said first of the lack of space. */
  readonly said: string;
  /** The state of the engine once there is room again. */
  readonly room: Said;
  /** The manager's entry at the end, and how long it took to replace it. */
  readonly entryBack: string;
  readonly secondsBack: number;
  readonly ids: { readonly before: string; readonly after: string };
  readonly leaders: readonly string[];
}

/** What an engine says of a log whose last entry is not whole. */
export const TORN = /irreparable WAL error|max entry size limit exceeded/;

/** A full disk stops its manager only at the end of a segment, and then for good; the others go on all the while. */
export function judgeDiskFull({ facts, operations, marks, fault }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { used, leaders, ids } = seen;
  const since = operations.filter(({ start }) => start >= (marks.fault ?? 0));
  const gap = longestGap(since, fault?.to ?? undefined).seconds;
  return [
    checkThat(
      "the disk had room, and then none",
      "less than 100 %, then 100 %",
      `${used.before} %, then ${used.full} %`,
      used.before > 0 && used.before < 100 && used.full === 100,
    ),
    checkThat(
      "a full disk alone is not noticed: its segment of the log is allocated",
      "Ready Reachable",
      seen.entryFull,
      seen.entryFull === "Ready Reachable",
    ),
    checkThat(
      "at the end of the segment the manager stops",
      "Unreachable: no space left on device",
      `${seen.entryStopped}: ${seen.said}`,
      /Unreachable/.test(seen.entryStopped) && /no space left on device/.test(seen.said),
    ),
    checkThat(
      "room alone does not bring it back",
      "irreparable: its log ends in half an entry",
      `${used.freed} % used; ${ending(seen.room)}`,
      used.freed < 100 && !/^active/.test(seen.room.text) && TORN.test(seen.room.text),
    ),
    checkThat(
      "removed and joined anew it is back",
      `Ready Reachable within 120 s, not ${ids.before}`,
      `${seen.entryBack}, ${seen.secondsBack.toFixed(1)} s, ${ids.after}`,
      seen.entryBack === "Ready Reachable" && seen.secondsBack <= 120 && ids.after !== ids.before,
    ),
    checkEqual("the others kept their leader", leaders[0], leaders[1]),
    checkThat(
      "and their API",
      "at most 8 s without an acknowledged write",
      since.length === 0 ? "they wrote nothing" : `${gap.toFixed(1)} s`,
      since.length > 0 && gap <= 8,
    ),
  ];
}
