import { checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import type { TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import type { Catalog } from "./registry-access.ts";
import { ending, type Said } from "./said.ts";

interface Facts {
  readonly before: Catalog;
  readonly after: Catalog;
  /** HTTP status that a node gets of the registry, and curl's exit code; 000 where there is no answer. */
  readonly answerBefore: Said;
  readonly answerDown: Said;
  /** Tasks of other services. */
  readonly tasksBefore: readonly TaskContainer[];
  readonly tasksDown: readonly TaskContainer[];
  /** A task that was killed while the registry was down, and the one in its place. */
  readonly killed: TaskContainer;
  readonly replacement: TaskContainer;
  /** Why the task of a new image does not start, and the state it is in once the registry is back. */
  readonly refused: string;
  readonly started: string;
}

/** What runs runs on, what is new is refused, and starts by itself once the registry is back. */
export function judgeRegistryDown({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { killed, replacement } = seen;
  const known = new Set(seen.tasksBefore.map(({ id }) => id));
  return [
    checkThat(
      "the registry answered, and then nobody",
      "401, which is its answer to strangers, then none",
      `${ending(seen.answerBefore)}; ${ending(seen.answerDown)}`,
      seen.answerBefore.text === "401" &&
        seen.answerDown.code !== 0 &&
        /^000/.test(seen.answerDown.text),
    ),
    checkUntouched("tasks that run run on", seen.tasksBefore, seen.tasksDown, { exactly: true }),
    checkThat(
      "a task that dies is replaced from the image its node has",
      `another ${killed.service} than ${killed.id}`,
      `${replacement.service} ${replacement.id} on ${replacement.node}`,
      replacement.service === killed.service && known.has(killed.id) && !known.has(replacement.id),
    ),
    checkThat(
      "a task whose image no node has is refused",
      "Rejected: No such image",
      seen.refused,
      /^Rejected.*\|.*No such image/.test(seen.refused),
    ),
    checkThat(
      "it starts by itself once the registry is back",
      "Running",
      seen.started,
      /^Running/.test(seen.started),
    ),
    checkEqual("the registry has what it had", seen.before, seen.after),
  ];
}
