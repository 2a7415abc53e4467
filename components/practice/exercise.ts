import type { Claim, DrillGround } from "../drills/drill.ts";
import type { SpareImage } from "../swarm/spare-images.ts";
import type { Domain } from "./domains.ts";

/**
 * Where a command is typed: on whoever leads at that moment, on one of the managers that follow, on a worker by its place in
 * the lab's list, or `here`, in the lab's own folder, on the machine that has the nodes. In texts and commands the same words
 * in braces, as `{worker-1}`, stand for the node's name, and `{image}` for the application's image without its tag.
 */
export const PLACES = ["leader", "follower", "follower-2", "worker-1", "worker-2", "here"] as const;
export type Place = (typeof PLACES)[number];

/** A command as a person types it in a shell. */
export interface Command {
  readonly on: Place;
  readonly type: string;
}

/** A command of a solution, with the sentence that explains it. */
export interface Step extends Command {
  readonly says: string;
}

/** What a node answered to a question: its trimmed output, or the last line of its complaint where the command failed. */
export interface Answer {
  readonly code: number;
  readonly text: string;
}

/** One thing that the end state has to be. It is asked, never changed. */
export interface ExerciseCheck {
  readonly says: string;
  readonly on: Place;
  /** Shell that prints what `holds` looks at. */
  readonly ask: string;
  readonly expected: string;
  /** Whether the answer is as it has to be; `remembered`: the answers to the exercise's own `remember`, as SHA-256. Pure. */
  holds(text: string, remembered: Readonly<Record<string, string>>): boolean;
  /** When it does not hold: one sentence why that is wrong. */
  readonly why: string;
}

/** An answer that looks right and is not. */
export interface WrongAnswer {
  readonly says: string;
  readonly commands: readonly Command[];
  /** The check, by what it says, that has to refuse it. */
  readonly refusedBy: string;
}

/** One thing for a person to do on the lab, and how it is graded. Plain data but for its pure checks. */
export interface Exercise {
  readonly name: string;
  readonly topic: string;
  readonly domain: Domain;
  /** About how long a person takes who has done it once before. */
  readonly minutes: number;
  readonly difficulty: 1 | 2 | 3;
  /** What is to be brought about. Says everything that is asked for, and nothing of how. */
  readonly task: string;
  /** For faults: what an operator would notice, without saying what is broken. Such an exercise may be drawn at random. */
  readonly symptom?: string;
  /** Of such a fault: what is wrong, in half a sentence; a diagnosis is the choice of one of all faults' causes. */
  readonly cause?: string;
  /** Why this lab cannot hold it; undefined when it can. */
  needs?(ground: DrillGround): string | undefined;
  /** Images that the workers are to have besides the application's. */
  readonly images?: readonly SpareImage[];
  /** What the lab does before the person begins: what is there, or what is broken. */
  readonly setUp?: readonly Command[];
  /** Answers from before that checks compare with, by name; only their SHA-256 is kept, as they may be secret. */
  readonly remember?: Readonly<Record<string, Command>>;
  readonly checks: readonly ExerciseCheck[];
  /** From a push in the right direction to nearly the command, one more each time. */
  readonly hints: readonly string[];
  readonly solution: readonly Step[];
  readonly wrong: readonly WrongAnswer[];
  /** What `reset` cannot know of: it takes back objects of the swarm, nodes, settings, volumes and containers by itself. */
  readonly cleanUp?: readonly Command[];
  /** A sentence that study notes teach, and what this shows of it. */
  readonly claim?: Claim;
}
