import type { Evidence } from "../drills/evidence.ts";
import type { Operation } from "../drills/history.ts";
import type { Verdict } from "../drills/verdict.ts";
import type { FinishedExam } from "../practice/exam.ts";

/** A line that a drill said while it ran: seconds since it began, and the words. */
export interface ProgressLine {
  readonly seconds: number;
  readonly says: string;
}

/** One run of a drill as its folder holds it. Without a verdict it is under way, or it was killed. */
export interface RunRecord {
  /** The drill's name. */
  readonly drill: string;
  readonly runId: string;
  /** The folder of the swarm's reports: the first letters of its cluster id. */
  readonly cluster: string;
  readonly verdict?: Verdict;
  readonly evidence?: Evidence;
  readonly progress: readonly ProgressLine[];
  /** The writes so far, where there is no evidence yet. */
  readonly operations: readonly Operation[];
  /** When anything of it was last written, in milliseconds since 1970. */
  readonly lastSign: number;
}

/** Something that should have been read and could not be. */
export interface Unreadable {
  readonly where: string;
  readonly why: string;
}

export interface SeenNode {
  readonly name: string;
  readonly role: string;
  readonly zone: string;
  readonly address: string;
  /** As `npm run status` says it: Ready, Down, Stopped and so on. */
  readonly state: string;
  readonly availability: string | null;
  readonly managerStatus: string | null;
}

/** A lab as it was looked at. */
export interface LabSeen {
  /** whole, degraded, no quorum, stopped, half-built or down. */
  readonly state: string;
  readonly problems: readonly string[];
  readonly advice?: string;
  readonly clusterId: string | null;
  /** Managers that a majority is of, and how many more may be lost. */
  readonly quorum: { readonly managers: number; readonly needed: number; readonly spare: number };
  readonly nodes: readonly SeenNode[];
  readonly services: readonly {
    readonly name: string;
    readonly running: number;
    readonly desired: number;
  }[];
  /** A running task each: of which service, on which node. */
  readonly tasks: readonly { readonly service: string; readonly node: string }[];
  /** What is in force in the network and why, a sentence each. */
  readonly network: readonly string[];
}

/** What a person has done alone or was shown, by exercise. */
export type Done = Readonly<
  Record<
    string,
    {
      readonly at: number;
      readonly seconds: number;
      readonly hints: number;
      readonly solved: boolean;
    }
  >
>;

/** The exam or exercise that a person is at. Moments are milliseconds since 1970. */
export interface AtWork {
  readonly exam?: {
    readonly minutes: number;
    readonly startedAt: number;
    readonly handedIn: number;
    readonly of: number;
  };
  /** `name` is undefined of a fault that was drawn at random: finding out what it is, is the exercise. */
  readonly exercise?: { readonly name: string | undefined; readonly startedAt: number };
}

/** All that a report is made from. */
export interface ReportInput {
  readonly lab: string;
  /** When it was read, in milliseconds since 1970. */
  readonly at: number;
  /** How the lab is, or why nobody could look. */
  readonly seen: LabSeen | { readonly unseen: string };
  readonly runs: readonly RunRecord[];
  readonly done: Done;
  readonly exams: readonly FinishedExam[];
  readonly atWork: AtWork;
  readonly unreadable: readonly Unreadable[];
  /** Other labs that have reports in the same place. */
  readonly otherLabs: readonly string[];
  /** Secrets that were found in what was read, and left out. */
  readonly withheld: number;
}
