import { UserError } from "../../components/errors.ts";
import type { AtWork, ReportInput, Unreadable } from "../../components/report/input.ts";
import { type Exam, readExam } from "../practice/exam-file.ts";
import { readExams } from "../practice/exams-done.ts";
import { readDone, readSession, type Session } from "../practice/session-file.ts";

type PracticeRead = Pick<ReportInput, "done" | "exams" | "atWork" | "unreadable">;

/** What is told of the exam and the exercise that are under way, and no more than the person may know. Pure. */
export function atWorkOf(
  exam: Pick<Exam, "minutes" | "startedAt" | "items"> | undefined,
  session: Pick<Session, "hidden" | "exercise" | "startedAt"> | undefined,
): AtWork {
  const asked = exam && {
    ...{ minutes: exam.minutes, startedAt: exam.startedAt, of: exam.items.length },
    handedIn: exam.items.filter(({ passed }) => passed !== null).length,
  };
  const exercise = session && {
    // What a random fault is, is for the person to find out.
    ...{ name: session.hidden ? undefined : session.exercise, startedAt: session.startedAt },
  };
  return { ...(asked ? { exam: asked } : {}), ...(exercise ? { exercise } : {}) };
}

/** What a person has practised, and is at. A file that holds something else is said, and counts as none. */
export async function readPractice(stack: string): Promise<PracticeRead> {
  const unreadable: Unreadable[] = [];
  const read = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable.push({ where: what, why: error.message });
      return undefined;
    }
  };
  const [done, exams, exam, session] = await Promise.all([
    read("practice", readDone),
    read("exams", readExams),
    read("exam under way", () => readExam(stack)),
    read("exercise under way", () => readSession(stack)),
  ]);
  return {
    ...{ done: done ?? {}, exams: exams ?? [], unreadable },
    atWork: atWorkOf(exam, session),
  };
}
