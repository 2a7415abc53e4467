import { join } from "node:path";
import { z } from "zod";
import { LAB_FOLDER, stackFolder } from "../cli/paths.ts";
import { readKept, removeKept, writeKept } from "./kept.ts";
import { SnapshotShape } from "./snapshot.ts";

const Session = z.object({
  exercise: z.string(),
  /** Drawn at random: its name and task are not told. */
  hidden: z.boolean(),
  /** Part of an exam: no hints, no solution, and it is graded when the person goes on. */
  exam: z.boolean(),
  startedAt: z.number(),
  hints: z.number(),
  solved: z.boolean(),
  /** False while the set-up is under way: killed then, the exercise can only be reset. */
  ready: z.boolean(),
  names: z.object({
    ...{ leader: z.string(), follower: z.string(), "follower-2": z.string(), image: z.string() },
    ...{ "worker-1": z.string(), "worker-2": z.string() },
  }),
  /** Answers from before the person began, as SHA-256. */
  remembered: z.record(z.string(), z.string()),
  before: SnapshotShape,
});

/** The exercise that a person is at, on one lab. It goes with the lab. */
export type Session = z.infer<typeof Session>;

const Done = z.record(
  z.string(),
  z.object({ at: z.number(), seconds: z.number(), hints: z.number(), solved: z.boolean() }),
);

/** What a person has done, by exercise: the best time without having been shown the solution, where there is one. */
export type Done = z.infer<typeof Done>;

const sessionFile = (stack: string) => join(stackFolder(stack), "practice.json");
/** Progress is the person's, not the lab's: it stays when the lab goes. */
export const doneFile = (): string =>
  process.env.SWARM_LAB_PROGRESS || join(LAB_FOLDER, "practice-done.json");

export const readSession = (stack: string): Promise<Session | undefined> =>
  readKept(sessionFile(stack), Session);
export const writeSession = (stack: string, session: Session): Promise<void> =>
  writeKept(sessionFile(stack), session);
export const endSession = (stack: string): Promise<void> => removeKept(sessionFile(stack));

export const readDone = async (): Promise<Done> => (await readKept(doneFile(), Done)) ?? {};

/** Whether a result is worth keeping beside an earlier one: done alone beats shown, then the faster one. Pure. */
export function better(now: Done[string], before: Done[string] | undefined): boolean {
  if (before === undefined) return true;
  if (now.solved !== before.solved) return before.solved;
  return now.seconds < before.seconds;
}

export async function recordDone(exercise: string, now: Done[string]): Promise<void> {
  const done = await readDone();
  if (better(now, done[exercise])) await writeKept(doneFile(), { ...done, [exercise]: now });
}
