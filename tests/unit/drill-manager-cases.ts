import type { Change } from "./drill-judge-support.ts";

type Case = readonly [string, Change, string];

/** Takes away the writes that were under way or begun between two moments, counted from a mark: nobody could write. */
export const silence =
  (mark: string, from: number, to: number): Change =>
  (_, evidence) => {
    const at = evidence.marks[mark] ?? 0;
    evidence.operations = evidence.operations.filter(
      ({ start, end }) => (end ?? 0) < at + from || start > at + to,
    );
  };

/** Puts an acknowledged write where none may be: at a moment counted from a mark. */
export const write =
  (mark: string, after: number): Change =>
  (_, evidence) => {
    const start = (evidence.marks[mark] ?? 0) + after;
    const name = "drill-x-m1-9-9";
    const end = start + 20;
    evidence.operations.push({ writer: "m1", name, start, end, result: "ok", detail: "" });
    for (const { values } of evidence.reads) values[name] = name;
  };

/** A write every second from one mark to another, so that nobody had to wait. */
export const busy =
  (from: string, to: string): Change =>
  (_, evidence) => {
    const { marks } = evidence;
    const [first = 0, last = 0] = [marks[from], marks[to]];
    for (let at = first, count = 0; at < last; at += 1000, count += 1) {
      const name = `drill-x-m1-8-${count}`;
      evidence.operations.push({
        ...{ writer: "m1", name, start: at, end: at + 20, result: "ok", detail: "" },
      });
      for (const { values } of evidence.reads) values[name] = name;
    }
  };

/** What is wrong with the managers at the end of any drill that keeps their list. */
export const quorumCases: readonly Case[] = [
  [
    "one manager is not reachable",
    (facts) => {
      facts.quorum[0] = "m1 Down Unreachable";
    },
    "the quorum is whole",
  ],
  [
    "one manager is missing",
    (facts) => {
      facts.quorum.pop();
    },
    "the quorum is whole",
  ],
];

/** What is wrong when a task's container was not the same all the time. */
export const restartedCase = (key: string, check: string): Case => [
  "a task was restarted",
  (facts) => {
    facts[key][0].startedAt = "2026-11-21T23:59:59Z";
  },
  check,
];

/** What is wrong when a write that was acknowledged is in no manager's answer. */
export const lostWriteCase: Case = [
  "an acknowledged write is lost",
  (_, evidence) => {
    const name = evidence.operations.find(({ result }) => result === "ok")?.name ?? "";
    for (const { values } of evidence.reads) delete values[name];
  },
  "no acknowledged write is lost",
];

/** A fact with another value. */
export const told =
  (key: string, value: unknown): Change =>
  (facts) => {
    facts[key] = value;
  };
