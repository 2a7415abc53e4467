/** How long a lab on AWS is meant to live. Nothing ends it by itself: its tags tell people, and programs that clean up. */
import { describeProblem } from "../../errors.ts";

/** When the lab's first `up` was, and when it is meant to have ended: instants as AWS writes them, to the second. */
export interface Lifetime {
  readonly begun: string;
  readonly expires: string;
}

export const TAG_BEGUN = "swarm-lab.begun";
export const TAG_EXPIRES = "swarm-lab.expires";

/** `2026-01-31T12:00:00Z`: every character of it is one that AWS takes in a tag. */
const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * The lifetime of a lab. `recorded`: values of TAG_BEGUN on record of an earlier `up`, what is no instant among them passed
 * over; the earliest counts, so that no later `up` puts the end off. Without any the lab begins at `now`. Both in
 * milliseconds, as Date.now() counts them.
 */
export function lifetimeOf(recorded: readonly string[], now: number, length: number): Lifetime {
  const known = recorded.map((text) => Date.parse(text)).filter((ms) => !Number.isNaN(ms));
  const begun = known.length === 0 ? now : Math.min(...known);
  return { begun: instant(begun), expires: instant(begun + length) };
}

/** The tags that tell a lab's lifetime; both are on everything that takes tags. */
export const lifetimeTags = ({ begun, expires }: Lifetime): Record<string, string> => ({
  [TAG_BEGUN]: begun,
  [TAG_EXPIRES]: expires,
});

/** What to say of a lab whose end is past, or nothing. `length` is the setting, as it was read. */
export function expiryWarning({ expires }: Lifetime, length: string, now: number) {
  if (Date.parse(expires) > now) return undefined;
  return describeProblem({
    where: "swarm-lab:aws.lifetime",
    got: `${length}, and so an end at ${expires}, which is past`,
    need: "an end that is still to come",
    fix: "remove the lab with `npm run down`, or set more: it goes on, and is paid for, until then",
  });
}
