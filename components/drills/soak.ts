import type { Drill, DrillGround } from "./drill.ts";
import type { Evidence } from "./evidence.ts";
import { type Check, checkThat, type Verdict } from "./verdict.ts";

/** Numbers from 0 up to 1 that are the same for the same seed on every machine (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The drills of a soak: `count` of those that this lab can stage, at random, the same for the same seed. Left out are the
 * wrong procedures and the restores, which lose or take back what others wrote. Throws a RangeError when none is left.
 */
export function soakSequence(
  drills: readonly Drill[],
  ground: DrillGround,
  count: number,
  seed: number,
): Drill[] {
  const fit = drills.filter(
    ({ control, rewinds, needs }) => !control && !rewinds && needs(ground) === undefined,
  );
  if (fit.length === 0) throw new RangeError("this lab can stage no drill of a soak");
  const next = random(seed);
  return Array.from({ length: count }, () => fit[Math.floor(next() * fit.length)] as Drill);
}

/** What a soak asserts besides its writes: each of its drills passed, in their order. */
export function judgeSoak({ facts }: Evidence): Check[] {
  const { wanted, verdicts } = facts as {
    readonly wanted: readonly string[];
    readonly verdicts: readonly Pick<Verdict, "drill" | "verdict" | "reason">[];
  };
  const bad = verdicts.filter(({ verdict }) => verdict !== "passed");
  return [
    checkThat(
      "every drill ran",
      `${wanted.length} drills`,
      `${verdicts.length}`,
      wanted.length > 0 && verdicts.length === wanted.length,
    ),
    checkThat(
      "every drill passed",
      "passed",
      bad.map(({ drill, verdict, reason }) => `${drill}: ${verdict}: ${reason}`).join("; ") ||
        "passed",
      bad.length === 0,
    ),
  ];
}
