import Table from "cli-table3";
import pc from "picocolors";
import type { Cause } from "../../components/practice/diagnosis.ts";
import { DOMAINS } from "../../components/practice/domains.ts";
import type { Exercise } from "../../components/practice/exercise.ts";
import type { Grade, Names } from "../../components/practice/grade.ts";
import type { Typed } from "../practice/session.ts";
import type { Done } from "../practice/session-file.ts";

/** An exercise in the list. */
export interface Listed {
  readonly name: string;
  readonly topic: string;
  readonly domain: string;
  readonly minutes: number;
  readonly difficulty: number;
  readonly available: boolean;
  readonly reason?: string;
  readonly done: boolean;
}

export function listed(
  { name, topic, domain, minutes, difficulty }: Exercise,
  reason: string | undefined,
  done: Done,
): Listed {
  const available = reason === undefined;
  return {
    ...{ name, topic, domain, minutes, difficulty, available },
    ...(reason === undefined ? {} : { reason }),
    done: name in done,
  };
}

const stars = (difficulty: number) => "*".repeat(difficulty);

/** The list for people: by domain, with what is done. */
export function drawList(list: readonly Listed[], done: Done): string {
  const table = new Table({
    head: ["exercise", "topic", "domain", "minutes", "", "done"],
    style: { head: [] },
    colWidths: [26, 44, 15, 9, 5, 20],
    wordWrap: true,
  });
  for (const { name, topic, domain, minutes, difficulty, reason } of list) {
    const one = done[name];
    const how =
      one === undefined
        ? (reason && pc.yellow(`not here: ${reason}`)) || ""
        : `${pc.green("yes")}, ${one.seconds} s${one.solved ? ", shown" : one.hints > 0 ? `, ${one.hints} hints` : ""}`;
    table.push([name, topic, domain, minutes, stars(difficulty), how]);
  }
  const count = list.filter(({ done: is }) => is).length;
  return `${table.toString()}\n${count} of ${list.length} done; \`npm run practice -- start NAME\` begins one`;
}

/**
 * What a person reads when an exercise begins. `causes`: what may be broken, where the task is to find that out. `flag`: what
 * names the lab on the command line, with a space before it.
 */
export function drawTask(
  { name, topic, domain, minutes, task, symptom }: Exercise,
  names: Names,
  { causes = [], exam = false, flag }: { causes?: readonly Cause[]; exam?: boolean; flag: string },
): string {
  const hidden = causes.length > 0;
  const head = hidden
    ? [
        ...[pc.bold("something is broken"), "", symptom ?? ""],
        ...["Repair it, and say what it was:", ""],
        ...causes.map(({ letter, says }) => `  ${letter}  ${says}`),
      ]
    : [
        pc.bold(`${name}: ${topic}`),
        pc.dim(`${DOMAINS[domain].title}, about ${minutes} minutes`),
        "",
        task,
      ];
  const line = (what: string, command: string) => `  ${what.padEnd(24)} ${command}`;
  return [
    ...head,
    "",
    line("a shell on the leader", `npm run shell --${flag} ${names.leader}`),
    line("on a worker", `npm run shell --${flag} ${names["worker-1"]}`),
    ...(exam
      ? [line("when it is done", `npm run exam --${flag} next`)]
      : [
          line(
            "when it is done",
            `npm run practice --${flag} check${hidden ? " --cause LETTER" : ""}`,
          ),
          line("a hint", `npm run practice --${flag} hint`),
          line("to see how it is done", `npm run practice --${flag} solve`),
          line("the lab as it was", `npm run practice --${flag} reset`),
        ]),
  ].join("\n");
}

/** Each check; for one that does not hold what was expected, what was seen, and why that is wrong. */
export function drawGrade({ passed, checks }: Grade): string {
  const lines = checks.flatMap(({ name, expected, seen, ok, why }) =>
    ok
      ? [`${pc.green("ok")}  ${name}`]
      : [
          `${pc.red("NO")}  ${name}`,
          `    expected ${expected}`,
          `    seen     ${seen.split("\n").join(" | ")}`,
          `    ${pc.dim(why)}`,
        ],
  );
  const end = passed ? pc.green("done") : pc.yellow("not yet");
  return [...lines, end].join("\n");
}

export const drawTyped = ({ node, typed, says, answer }: Typed): string =>
  [
    `${pc.bold(`${node}$`)} ${typed}`,
    ...(answer === "" ? [] : answer.split("\n").map((line) => pc.dim(`  ${line}`))),
    `  ${says}`,
  ].join("\n");
