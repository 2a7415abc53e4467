import { join } from "node:path";
import { z } from "zod";
import { stackFolder } from "../cli/paths.ts";
import { readKept, removeKept, writeKept } from "./kept.ts";

const Exam = z.object({
  seed: z.string(),
  minutes: z.number(),
  startedAt: z.number(),
  /** In the order they are asked; `passed` is null of those that were not graded yet. */
  items: z.array(
    z.object({ exercise: z.string(), passed: z.boolean().nullable(), wrong: z.array(z.string()) }),
  ),
});

/** An exam that is under way on a lab: killed at any moment, it goes on where it was. */
export type Exam = z.infer<typeof Exam>;

const file = (stack: string) => join(stackFolder(stack), "exam.json");

export const readExam = (stack: string): Promise<Exam | undefined> => readKept(file(stack), Exam);
export const writeExam = (stack: string, exam: Exam): Promise<void> => writeKept(file(stack), exam);
export const endExam = (stack: string): Promise<void> => removeKept(file(stack));

/** Seconds that are left of its time; none when it is over. */
export const secondsLeft = ({ startedAt, minutes }: Exam, now = Date.now()): number =>
  Math.max(0, Math.round(minutes * 60 - (now - startedAt) / 1000));
