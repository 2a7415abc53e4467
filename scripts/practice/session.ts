import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../components/errors.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { exerciseNamed } from "../../components/practice/catalogue/index.ts";
import type { Command, Exercise } from "../../components/practice/exercise.ts";
import { digest, filled, type Grade, grade, type Names } from "../../components/practice/grade.ts";
import { LIST_SERVICES, notConverged, parseServices } from "../../components/swarm/service-list.ts";
import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import type { Report } from "../cli/report.ts";
import { awaitWhole, notWhole } from "../drills/lab-health.ts";
import { askManagers } from "../swarm/managers.ts";
import { mendAfterDrill } from "../swarm/mend-drill.ts";
import { mendMembers } from "../swarm/mend-members.ts";
import { bringImages } from "./images.ts";
import { leaderOf, namesOf, typeOn } from "./places.ts";
import { endSession, readSession, recordDone, type Session, writeSession } from "./session-file.ts";
import { removeNew, restoreNode, restoreServices, snapshot } from "./snapshot.ts";

/** A lab to practise on. */
export interface PracticeLab {
  readonly stack: string;
  readonly description: LabDescription;
  /** What its nodes are to be, as they were made members. */
  readonly members: readonly MemberInput[];
  readonly say: Report;
}

const managersOf = ({ description }: PracticeLab) =>
  description.nodes.filter(({ role }) => role === "manager");

/** Seconds that an end state gets to come about before it is graded as wrong: tasks start, updates go on. */
const SETTLE = 20;

/** Seconds until a lab has to be whole after a reset. */
const WHOLE = 120;

async function mustType(command: Command, nodes: readonly NodeHandle[], names: Names) {
  const { node, typed, answer } = await typeOn(command, nodes, names);
  if (answer.code !== 0)
    throw new UserError(
      `${node}: \`${typed}\` failed: ${answer.text}; \`npm run practice -- reset\``,
    );
  return answer.text;
}

/** The exercise that is under way. Throws a UserError where none is. */
export async function current(stack: string): Promise<Session> {
  const session = await readSession(stack);
  if (session === undefined)
    throw new UserError(
      "practice: no exercise is under way; begin one with `npm run practice -- start NAME`",
    );
  return session;
}

/** The exercise that is under way, when it is not part of an exam. */
async function own(stack: string, what: string): Promise<Session> {
  const session = await current(stack);
  if (session.exam)
    throw new UserError(
      `practice ${what}: got an exercise of an exam, need one of your own: \`npm run exam -- next\` hands it in, \`npm run exam -- end\` ends the exam`,
    );
  return session;
}

/** The texts of an exercise with the names of this lab's nodes in them. */
export const named = (exercise: Exercise, names: Names): Exercise => ({
  ...exercise,
  task: filled(exercise.task, names),
  ...(exercise.symptom === undefined ? {} : { symptom: filled(exercise.symptom, names) }),
  hints: exercise.hints.map((hint) => filled(hint, names)),
  checks: exercise.checks.map((check) => ({
    ...check,
    says: filled(check.says, names),
    expected: filled(check.expected, names),
    why: filled(check.why, names),
  })),
});

/**
 * Begins an exercise on a lab that is whole and on which none is under way: remembers what there is, and makes what the
 * exercise needs, or breaks what it wants broken.
 */
export async function begin(
  lab: PracticeLab,
  exercise: Exercise,
  { hidden = false, exam = false }: { hidden?: boolean; exam?: boolean } = {},
): Promise<Session> {
  const { stack, description } = lab;
  const { nodes } = description;
  const earlier = await readSession(stack);
  if (earlier !== undefined)
    throw new UserError(
      `practice: ${earlier.hidden ? "an exercise" : `exercise ${earlier.exercise}`} is under way; finish it, or \`npm run practice -- reset\``,
    );
  const broken = await notWhole(description);
  if (broken !== undefined)
    throw new UserError(
      `lab ${description.lab}: got one that is not whole (${broken}), need a whole one: \`npm run up\` repairs it`,
    );
  await bringImages(nodes.filter(({ role }) => role === "worker"));
  const [names, before] = await Promise.all([namesOf(nodes), snapshot(managersOf(lab), nodes)]);
  const session: Session = {
    ...{ exercise: exercise.name, hidden, exam, startedAt: Date.now(), hints: 0, solved: false },
    ...{ ready: false, names, remembered: {}, before },
  };
  await writeSession(stack, session);
  for (const command of exercise.setUp ?? []) await mustType(command, nodes, names);
  const remembered: Record<string, string> = {};
  for (const [key, command] of Object.entries(exercise.remember ?? {}))
    remembered[key] = digest(await mustType(command, nodes, names));
  const ready = { ...session, remembered, startedAt: Date.now(), ready: true };
  await writeSession(stack, ready);
  return ready;
}

async function look({ description }: PracticeLab, exercise: Exercise, session: Session) {
  const { names, remembered } = session;
  const answers = [];
  for (const { on, ask } of exercise.checks)
    answers.push((await typeOn({ on, type: ask }, description.nodes, names)).answer);
  return grade(named(exercise, names), answers, remembered);
}

/** Whether nothing is on its way: every service runs what it wants, or has said that it will not. */
async function atRest(lab: PracticeLab): Promise<boolean> {
  const answer = await askManagers(managersOf(lab), LIST_SERVICES);
  if (answer === undefined) return false;
  return parseServices(answer.stdout).every((service) => {
    const why = notConverged(service);
    return why === undefined || "failed" in why;
  });
}

/**
 * Grades the end state: at once where it holds, else when nothing moves any more, or after its time. One that holds is
 * recorded as done.
 */
export async function check(lab: PracticeLab): Promise<Grade> {
  const session = await current(lab.stack);
  const exercise = exerciseNamed(session.exercise);
  if (!session.ready)
    throw new UserError(
      `practice: the set-up of ${exercise.name} did not come to its end; \`npm run practice -- reset\`, and begin again`,
    );
  const end = Date.now() + SETTLE * 1000;
  for (;;) {
    const found = await look(lab, exercise, session);
    if (found.passed) {
      const { startedAt, hints, solved } = session;
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      await recordDone(exercise.name, { at: Date.now(), seconds, hints, solved });
      return found;
    }
    if (Date.now() >= end) return found;
    const rested = await atRest(lab);
    await sleep(1000);
    // What was at rest before this second, and answers as it did, will not come about by waiting.
    if (rested && same(await look(lab, exercise, session), found)) return found;
  }
}

const same = (one: Grade, other: Grade) => JSON.stringify(one) === JSON.stringify(other);

/** The same for a person who asks by himself, which nobody may in an exam. */
export async function checkOwn(lab: PracticeLab): Promise<Grade> {
  await own(lab.stack, "check");
  return check(lab);
}

/** Throws a UserError when the exercise that is under way is part of an exam. */
export async function refuseInExam(stack: string): Promise<void> {
  await own(stack, "reset");
}

/** One hint more; the last one again when there is none left. */
export async function hint({ stack }: PracticeLab) {
  const session = await own(stack, "hint");
  const { hints } = named(exerciseNamed(session.exercise), session.names);
  const given = Math.min(session.hints + 1, hints.length);
  await writeSession(stack, { ...session, hints: given });
  return { given, of: hints.length, hints: hints.slice(0, given) };
}

/** A command of a solution as it was typed, and what was answered. */
export interface Typed {
  readonly node: string;
  readonly typed: string;
  readonly says: string;
  readonly answer: string;
}

/** Types the solution, command by command. The first that fails is a UserError. */
export async function solve(lab: PracticeLab, tell: (step: Typed) => void): Promise<Typed[]> {
  const session = await own(lab.stack, "solve");
  const { solution } = exerciseNamed(session.exercise);
  await writeSession(lab.stack, { ...session, solved: true });
  const typed: Typed[] = [];
  for (const { says, ...command } of solution) {
    const {
      node,
      typed: text,
      answer,
    } = await typeOn(command, lab.description.nodes, session.names);
    const step = { node, typed: text, says: filled(says, session.names), answer: answer.text };
    tell(step);
    typed.push(step);
    if (answer.code !== 0) throw new UserError(`${node}: \`${text}\` failed: ${answer.text}`);
  }
  return typed;
}

/** Takes back what came with the exercise, and waits until the lab is whole. Done twice, it changes nothing the second time. */
export async function reset(lab: PracticeLab): Promise<void> {
  const { stack, description, members, say } = lab;
  const session = await current(stack);
  const { nodes } = description;
  for (const command of exerciseNamed(session.exercise).cleanUp ?? [])
    await mustType(command, nodes, session.names);
  const { before } = session;
  // In the order in which one holds the other: services their tasks, containers and tasks all the rest.
  await removeNew(await leaderOf(nodes), before, ["service"]);
  await Promise.all(nodes.map((node) => restoreNode(node, before)));
  await removeNew(await leaderOf(nodes), before, ["secret", "config", "network"]);
  await restoreServices(await leaderOf(nodes), before);
  await mendMembers(members, { afterDrill: true, say });
  await mendAfterDrill(members);
  await awaitWhole(description, WHOLE);
  await endSession(stack);
}
