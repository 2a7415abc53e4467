import { EXERCISES } from "../practice/catalogue/index.ts";
import { DOMAINS, type Domain } from "../practice/domains.ts";
import type { FinishedExam } from "../practice/exam.ts";
import type { Done } from "./input.ts";

/** How far a person is in one domain of the exam: exercises of it that were done alone, that were shown, and all. */
export interface DomainProgress {
  readonly domain: Domain;
  readonly title: string;
  /** The exam's share, in percent. */
  readonly weight: number;
  readonly alone: number;
  readonly shown: number;
  readonly of: number;
}

export interface ExerciseProgress {
  readonly name: string;
  readonly topic: string;
  readonly title: string;
  /** Best time in seconds, hints taken and whether the solution was shown; undefined: not done. */
  readonly done?: Done[string];
}

export interface PracticeFigures {
  readonly domains: readonly DomainProgress[];
  readonly exercises: readonly ExerciseProgress[];
  /** The oldest first. */
  readonly exams: readonly FinishedExam[];
  /** Exercises that were done, alone or shown. */
  readonly count: number;
}

const isIn = (domain: Domain) => (one: { readonly domain: Domain }) => one.domain === domain;

/** Progress by domain, in the domains' order. What was done of an exercise that is no more is not counted. */
export function practiceFigures(done: Done, exams: readonly FinishedExam[]): PracticeFigures {
  const domains = (Object.keys(DOMAINS) as Domain[]).map((domain): DomainProgress => {
    const own = EXERCISES.filter(isIn(domain));
    const kept = own.flatMap(({ name }) => done[name] ?? []);
    const alone = kept.filter(({ solved }) => !solved).length;
    return {
      ...{ domain, ...DOMAINS[domain] },
      ...{ alone, shown: kept.length - alone, of: own.length },
    };
  });
  const exercises = EXERCISES.map(({ name, topic, domain }): ExerciseProgress => {
    const one = done[name];
    const about = { name, topic, title: DOMAINS[domain].title };
    return one === undefined ? about : { ...about, done: one };
  });
  return {
    ...{ domains, exercises },
    exams: [...exams].sort((a, b) => a.endedAt - b.endedAt),
    count: domains.reduce((sum, { alone, shown }) => sum + alone + shown, 0),
  };
}
