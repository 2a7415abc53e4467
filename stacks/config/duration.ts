/** Go durations, the form in which engines take and print times. */

const PART = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;
const UNIT: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** What `milliseconds` accepts; units below the millisecond mean nothing to a swarm. */
export const GO_DURATION = /^(0|(\d+(\.\d+)?(h|ms|m|s))+)$/;

/** The milliseconds of a Go duration that matches GO_DURATION. */
export function milliseconds(duration: string): number {
  let total = 0;
  for (const [, figure, unit] of duration.matchAll(PART)) {
    total += Number(figure) * (UNIT[unit ?? ""] ?? 0);
  }
  return Math.round(total);
}

/** As Go prints it: "0s", "300ms", "1.5s", "1m30s", "2160h0m0s". */
export function goDuration(ms: number): string {
  if (ms === 0) return "0s";
  if (ms < 1000) return `${ms}ms`;
  const seconds = `${(ms % 60_000) / 1000}s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}
