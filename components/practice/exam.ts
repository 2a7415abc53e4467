import { DOMAINS, type Domain } from "./domains.ts";
import type { Exercise } from "./exercise.ts";
import { digest } from "./grade.ts";

/** Minutes of an exam for each minute of an exercise, which is told for those who have done it before. */
const PACE = 1.5;

type Drawable = Pick<Exercise, "name" | "domain" | "minutes">;

const domainsOf = (exercises: readonly Drawable[]): Domain[] =>
  (Object.keys(DOMAINS) as Domain[]).filter((domain) =>
    exercises.some((one) => one.domain === domain),
  );

/**
 * Exercises for an exam of so many minutes, by the weights of the domains: always from the one that is furthest behind its
 * share. The same seed draws the same, and none is drawn twice. Pure; empty when not one fits.
 */
export function draw<T extends Drawable>(
  exercises: readonly T[],
  { minutes, seed }: { minutes: number; seed: string },
): T[] {
  const shuffled = [...exercises].sort((a, b) =>
    digest(`${seed}:${a.name}`).localeCompare(digest(`${seed}:${b.name}`)),
  );
  const taken: T[] = [];
  const spent = (domain?: Domain) =>
    taken
      .filter((one) => domain === undefined || one.domain === domain)
      .reduce((sum, one) => sum + one.minutes * PACE, 0);
  for (;;) {
    const left = minutes - spent();
    const fitting = shuffled.filter((one) => !taken.includes(one) && one.minutes * PACE <= left);
    const [furthest] = domainsOf(fitting).sort(
      (a, b) =>
        spent(a) / DOMAINS[a].weight - spent(b) / DOMAINS[b].weight ||
        DOMAINS[b].weight - DOMAINS[a].weight,
    );
    const next = fitting.find(({ domain }) => domain === furthest);
    if (next === undefined) return taken;
    taken.push(next);
  }
}

/** What came of one exercise of an exam. */
export interface Item {
  readonly name: string;
  readonly domain: Domain;
  readonly passed: boolean;
}

/** An exam that is over: what was asked and what came of it. Moments are milliseconds since 1970. */
export interface FinishedExam extends Score {
  readonly seed: string;
  /** Its time, in minutes. */
  readonly minutes: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `passed` is null of those that were not reached. */
  readonly items: readonly { readonly exercise: string; readonly passed: boolean | null }[];
}

export interface Score {
  /** Of a hundred, by the weights of the domains that were drawn. */
  readonly percent: number;
  readonly domains: readonly { domain: Domain; passed: number; of: number }[];
}

/** An exercise counts whole or not at all, as a swarm that is nearly repaired is broken. Pure. */
export function score(items: readonly Item[]): Score {
  const domains = (Object.keys(DOMAINS) as Domain[]).flatMap((domain) => {
    const own = items.filter((item) => item.domain === domain);
    const passed = own.filter((item) => item.passed).length;
    return own.length === 0 ? [] : [{ domain, passed, of: own.length }];
  });
  const weight = domains.reduce((sum, { domain }) => sum + DOMAINS[domain].weight, 0);
  const earned = domains.reduce(
    (sum, { domain, passed, of }) => sum + (DOMAINS[domain].weight * passed) / of,
    0,
  );
  return { percent: weight === 0 ? 0 : Math.round((earned / weight) * 100), domains };
}
