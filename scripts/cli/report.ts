import pc from "picocolors";

/** Says one line to the person, on stderr: stdout belongs to data. */
export type Report = (line: string) => void;

export const report: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Seconds since a moment of `performance.now()`, as people read them: `0.3 s`, `12.4 s`, `83 s`. */
export function since(start: number): string {
  const seconds = (performance.now() - start) / 1000;
  return `${seconds < 60 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** Seconds since a moment of `performance.now()`, rounded to hundredths, for data. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 10) / 100;
}

const HEARTBEAT = 15_000;

/**
 * Runs `work` as one named step: says it when it begins, every 15 s while it goes on, and its seconds when it is
 * done. A failure is said as well and thrown on.
 */
export async function timed<T>(name: string, work: () => Promise<T>, say = report): Promise<T> {
  const start = performance.now();
  say(`${name} ...`);
  const beat = setInterval(() => say(`${name} ... still at it after ${since(start)}`), HEARTBEAT);
  try {
    const result = await work();
    say(`${name} ... ${pc.green(since(start))}`);
    return result;
  } catch (error) {
    say(`${name} ... ${pc.red("failed")} after ${since(start)}`);
    throw error;
  } finally {
    clearInterval(beat);
  }
}
