/**
 * The time that a long suite was given (`LAB_SUITE_MINUTES`; without it there is no end), and where in its order it begins
 * (`LAB_SUITE_TURN`, any whole number): what does not fit today is run by another commit.
 */
export class SuiteTime {
  private readonly begun = performance.now();
  private readonly minutes: number;
  private readonly turn: number;
  private readonly leftOut: string[] = [];

  constructor(env: Readonly<Record<string, string | undefined>> = process.env) {
    this.minutes = Number(env.LAB_SUITE_MINUTES ?? Number.POSITIVE_INFINITY);
    this.turn = Number(env.LAB_SUITE_TURN ?? 0);
    if (!(this.minutes > 0) || !Number.isSafeInteger(this.turn))
      throw new Error("LAB_SUITE_MINUTES needs a number of minutes, LAB_SUITE_TURN a whole number");
  }

  /** The same things in the same circle, beginning where this turn begins. */
  inTurn<T>(all: readonly T[]): T[] {
    const begin = this.turn % Math.max(all.length, 1);
    return [...all.slice(begin), ...all.slice(0, begin)];
  }

  /**
   * Why there is no time for a test of so many minutes, which is then remembered as left out; undefined when there is. A
   * third is added, as a busy machine is slower, and two minutes in which the lab is taken down.
   */
  missing(name: string, minutes: number): string | undefined {
    const left = this.minutes - (performance.now() - this.begun) / 60_000;
    if (minutes * (4 / 3) + 2 <= left) return undefined;
    this.leftOut.push(name);
    return `left out: it takes ${minutes} minutes, and ${left.toFixed(1)} are left`;
  }

  /** Says what was left out, where anything was. */
  tell(suite: string): void {
    const names = this.leftOut;
    if (names.length > 0)
      process.stderr.write(
        `${suite}: ${names.length} left out for want of time: ${names.join(", ")}\n`,
      );
  }
}
