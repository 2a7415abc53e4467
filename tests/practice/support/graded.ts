import { expect } from "vitest";
import type { Exercise } from "../../../components/practice/exercise.ts";
import { filled, type Grade } from "../../../components/practice/grade.ts";
import type { TestLab } from "../../e2e/support/test-lab.ts";
import type { Person } from "./person.ts";

/** Grades what is under way, as a person would. */
async function check(lab: TestLab): Promise<{ code: number; grade: Grade }> {
  const { code, stdout } = await lab.lab("practice", ["check", "--json"]);
  return { code, grade: JSON.parse(stdout) as Grade };
}

/**
 * Does an exercise as somebody would who tries it: it is refused before anything is typed, refused for each wrong answer by
 * the check that has to see it, passed when it is solved; and the lab is as it was. `known`: the world, when it is known from before.
 * Returns the world as it is then.
 */
export async function graded(
  { name, wrong }: Exercise,
  { lab, person, known }: { lab: TestLab; person: Person; known: string | undefined },
): Promise<string> {
  const before = known ?? (await person.world());
  await lab.must("practice", ["start", name]);
  expect(await check(lab)).toMatchObject({ code: 1, grade: { exercise: name, passed: false } });
  for (const { says, commands, refusedBy } of wrong) {
    for (const command of commands) await person.type(command);
    const { code, grade } = await check(lab);
    expect({ says, code }).toEqual({ says, code: 1 });
    const refused = grade.checks.find((one) => one.name === filled(refusedBy, person.names));
    expect(refused, says).toMatchObject({ ok: false, why: expect.stringMatching(/\.$/) });
    await lab.must("practice", ["reset"]);
    await lab.must("practice", ["start", name]);
  }
  await lab.must("practice", ["solve"]);
  const { code, grade } = await check(lab);
  expect({ code, wrong: grade.checks.filter(({ ok }) => !ok) }).toEqual({ code: 0, wrong: [] });
  await lab.must("practice", ["reset"]);
  expect(await person.world()).toBe(before);
  return before;
}
