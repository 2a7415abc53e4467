import { dirname, join } from "node:path";
import { z } from "zod";
import { DOMAINS, type Domain } from "../../components/practice/domains.ts";
import type { FinishedExam } from "../../components/practice/exam.ts";
import { readKept, writeKept } from "./kept.ts";
import { doneFile } from "./session-file.ts";

const DomainName = z.enum(Object.keys(DOMAINS) as [Domain, ...Domain[]]);

const Exams = z.array(
  z.object({
    seed: z.string(),
    minutes: z.number(),
    startedAt: z.number(),
    endedAt: z.number(),
    percent: z.number(),
    domains: z.array(z.object({ domain: DomainName, passed: z.number(), of: z.number() })),
    items: z.array(z.object({ exercise: z.string(), passed: z.boolean().nullable() })),
  }),
) satisfies z.ZodType<FinishedExam[]>;

/** Beside what a person has practised, and like it the person's own: it stays when the lab goes. */
const file = () => join(dirname(doneFile()), "exams-done.json");

/** All exams that came to their end, the oldest first. */
export const readExams = async (): Promise<FinishedExam[]> => (await readKept(file(), Exams)) ?? [];

/** The exams with one more; the same one again changes nothing, as its end may have been killed midway. Pure. */
export const withExam = (exams: readonly FinishedExam[], one: FinishedExam): FinishedExam[] =>
  exams.some(({ seed, startedAt }) => seed === one.seed && startedAt === one.startedAt)
    ? [...exams]
    : [...exams, one];

/** Keeps an exam that came to its end. */
export const recordExam = async (one: FinishedExam): Promise<void> =>
  writeKept(file(), withExam(await readExams(), one));
