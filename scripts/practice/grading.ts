import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../components/errors.ts";
import { EXERCISES, exerciseNamed } from "../../components/practice/catalogue/index.ts";
import { causesOf, chosenCause, withDiagnosis } from "../../components/practice/diagnosis.ts";
import type { Answer, Exercise } from "../../components/practice/exercise.ts";
import { type Grade, grade, named } from "../../components/practice/grade.ts";
import {
  LIST_SERVICES,
  notConverged,
  parseServices,
  placedNowhere,
} from "../../components/swarm/service-list.ts";
import { WaitError } from "../lib/wait.ts";
import { askManagers } from "../swarm/managers.ts";
import { leaderOf, typeOn } from "./places.ts";
import { recordDone, type Session } from "./session-file.ts";
import { current, deskOf, managersOf, own, type PracticeLab } from "./under-way.ts";

/** Seconds that an end state gets to come about before it is graded as wrong: tasks start, updates go on. */
const SETTLE = 20;

/** The same where no node can take the tasks that are missing: one that was just mended does at once. */
const STUCK = 5;

/** Seconds that a question waits for a leader: a swarm that has none answers nothing, and is graded as it is. */
const LEADER = 8;

const LEADERLESS: Answer = { code: 1, text: "no manager answers as one of a swarm with a leader" };

async function look(lab: PracticeLab, exercise: Exercise, session: Session): Promise<Grade> {
  const desk = deskOf(lab, session);
  const leader = await leaderOf(desk.nodes, LEADER).catch((error: unknown) => {
    if (error instanceof WaitError) return undefined;
    throw error;
  });
  // All at once: a question changes nothing, and most of its time is the client's start.
  const asked = exercise.checks.map(async ({ on, ask }): Promise<Answer> => {
    if (on === "leader" && leader === undefined) return LEADERLESS;
    return (await typeOn({ on, type: ask }, desk, leader)).answer;
  });
  const answers = await Promise.all(asked);
  return grade(named(exercise, desk.names), answers, session.remembered);
}

/**
 * Whether anything is on its way: nothing where every service runs what it wants, or has said that it will not; and hardly
 * anything where no node can take the tasks that are missing.
 */
async function movement(lab: PracticeLab): Promise<"none" | "stuck" | "some"> {
  const answer = await askManagers(managersOf(lab), LIST_SERVICES);
  if (answer === undefined) return "some";
  const moving = parseServices(answer.stdout).filter((service) => {
    const why = notConverged(service);
    return why !== undefined && "waiting" in why;
  });
  if (moving.length === 0) return "none";
  return moving.every(placedNowhere) ? "stuck" : "some";
}

/** A repair that holds is recorded as done. */
async function record({ exercise, startedAt, hints, solved }: Session): Promise<void> {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  await recordDone(exercise, { at: Date.now(), seconds, hints, solved });
}

/** Looks at once, and while it does not hold until nothing moves any more, or its time is over. */
async function settled(lab: PracticeLab, exercise: Exercise, session: Session): Promise<Grade> {
  const begun = Date.now();
  const over = (seconds: number) => Date.now() - begun >= seconds * 1000;
  for (;;) {
    const found = await look(lab, exercise, session);
    if (found.passed || over(SETTLE)) return found;
    const [moves] = await Promise.all([movement(lab), sleep(1000)]);
    if (moves === "stuck" && over(STUCK)) return found;
    // What was at rest before this second, and answers as it did, will not come about by waiting.
    if (moves === "none" && same(await look(lab, exercise, session), found)) return found;
  }
}

/**
 * Grades the end state, and of a fault that was drawn at random the diagnosis as well: `letter` stands for one of the causes
 * of all faults. What holds is recorded as done. Throws a UserError for a letter where none is asked for.
 */
export async function check(lab: PracticeLab, letter?: string): Promise<Grade> {
  const session = await current(lab.stack);
  const exercise = exerciseNamed(session.exercise);
  if (!session.ready)
    throw new UserError(
      `practice: the set-up of ${session.hidden ? "the exercise" : exercise.name} did not come to its end; \`npm run practice -- reset\`, and begin again`,
    );
  if (letter !== undefined && !session.hidden)
    throw new UserError(
      `practice check --cause: got ${JSON.stringify(letter)}, need none: only an exercise that was drawn (start --random) asks what is broken`,
    );
  const chosen = letter === undefined ? undefined : chosenCause(letter, causesOf(EXERCISES));
  const repair = await settled(lab, exercise, session);
  const grade = session.hidden ? withDiagnosis(repair, exercise, chosen) : repair;
  if (grade.passed) await record(session);
  return grade;
}

const same = (one: Grade, other: Grade) => JSON.stringify(one) === JSON.stringify(other);

/** The same for a person who asks by himself, which nobody may in an exam. */
export async function checkOwn(lab: PracticeLab, letter?: string): Promise<Grade> {
  await own(lab.stack, "check");
  return check(lab, letter);
}
