import { setTimeout as sleep } from "node:timers/promises";

/** What a look at the world may say: done with a value, not yet because of something, or failed for good. */
export type Look<T> =
  | { readonly done: T }
  | { readonly waiting: string }
  | { readonly failed: string };

export class WaitError extends Error {
  override readonly name = "WaitError";
}

export interface WaitOptions {
  /** Seconds until the wait gives up. */
  readonly deadline: number;
  /** Seconds between looks (default 0.2). */
  readonly interval?: number;
}

/**
 * Looks again and again until the answer is done, and returns its value. Fails at once on `failed`, and at the
 * deadline with the last reason, so that a timeout always tells what it was waiting for.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<Look<T>>,
  options: WaitOptions,
): Promise<T> {
  const end = Date.now() + options.deadline * 1000;
  let reason = "it was never looked at";
  for (;;) {
    const answer = await look();
    if ("done" in answer) return answer.done;
    if ("failed" in answer) throw new WaitError(`${what}: ${answer.failed}`);
    reason = answer.waiting;
    if (Date.now() >= end) break;
    await sleep((options.interval ?? 0.2) * 1000);
  }
  throw new WaitError(`${what}: not within ${options.deadline} s: ${reason}`);
}
