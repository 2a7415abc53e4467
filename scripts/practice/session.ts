import { UserError } from "../../components/errors.ts";
import { exerciseNamed } from "../../components/practice/catalogue/index.ts";
import type { Exercise } from "../../components/practice/exercise.ts";
import { digest, filled, named } from "../../components/practice/grade.ts";
import { notWhole } from "../drills/lab-health.ts";
import { bringSpareImage } from "../swarm/spare-images.ts";
import { bringImages } from "./images.ts";
import { mustType, namesOf, typeOn } from "./places.ts";
import { readSession, type Session, writeSession } from "./session-file.ts";
import { snapshot } from "./snapshot.ts";
import { deskOf, managersOf, own, type PracticeLab } from "./under-way.ts";

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
  const workers = nodes.filter(({ role }) => role === "worker");
  const [names] = await Promise.all([
    namesOf(nodes),
    bringImages(workers),
    ...(exercise.images ?? []).map((one) =>
      bringSpareImage(one, workers, { engine: description.engine, say: lab.say }),
    ),
  ]);
  // After the images: bringing them takes containers, which are none of what was there.
  const before = await snapshot(managersOf(lab), nodes);
  const session: Session = {
    ...{ exercise: exercise.name, hidden, exam, startedAt: Date.now(), hints: 0, solved: false },
    ...{ ready: false, names, remembered: {}, before },
  };
  await writeSession(stack, session);
  const desk = deskOf(lab, session);
  for (const command of exercise.setUp ?? []) await mustType(command, desk);
  const remembered: Record<string, string> = {};
  for (const [key, command] of Object.entries(exercise.remember ?? {}))
    remembered[key] = digest(await mustType(command, desk));
  const ready = { ...session, remembered, startedAt: Date.now(), ready: true };
  await writeSession(stack, ready);
  return ready;
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
    const { node, typed: text, answer } = await typeOn(command, deskOf(lab, session));
    const step = { node, typed: text, says: filled(says, session.names), answer: answer.text };
    tell(step);
    typed.push(step);
    if (answer.code !== 0) throw new UserError(`${node}: \`${text}\` failed: ${answer.text}`);
  }
  return typed;
}
