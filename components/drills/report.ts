import type { Step } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

export interface ReportContext {
  /** What the drill answers, as one question. */
  readonly question: string;
  readonly lab?: string;
  /** What the drill does not prove, a sentence each. */
  readonly limits?: readonly string[];
}

/** Text from outside on one line of Markdown: nothing in it is read as a mark-up, a tag or a column. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.replace(/[\\`*_[\]<>|&#~]/g, (mark) =>
    mark === "<" ? "&lt;" : mark === "&" ? "&amp;" : `\\${mark}`,
  );
}

const seconds = (value: number): string =>
  `${value < 10 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10} s`;

const measured = (value: number | null): string =>
  value === null ? "not measured" : seconds(value);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}sh\n${text}\n${fence}`;
}

const PHASES: Readonly<Record<Step["phase"], string>> = {
  available: "can this lab do it",
  healthy: "healthy before",
  plant: "plant what must survive",
  break: "break it",
  prove: "prove that it broke",
  recover: "recover",
  verify: "verify",
  "restore-lab": "leave the lab as it was",
};

/** What was done, in its order, as a person would type it: one text with the phases and places as comments. */
export function commandsOf(steps: readonly Step[]): string {
  const ordered = [...steps].sort((a, b) => a.at - b.at);
  const lines = ordered.flatMap(({ phase, node, command, seconds: took }, index) => {
    const heading = ordered[index - 1]?.phase === phase ? [] : ["", `# ${PHASES[phase]}`];
    const where = (node ?? "your machine").replace(/\s+/g, " ");
    return [...heading, `# on ${where}, ${seconds(took)}`, command];
  });
  return lines.join("\n").trim();
}

function times({ rto, rpo }: Verdict): string[] {
  const rows = [
    ["a leader", measured(rto.leader)],
    ["an acknowledged write", measured(rto.api)],
    ["all replicas", measured(rto.replicas)],
    ["an answered request", measured(rto.request)],
  ];
  const undone = `${rpo.undone}, over ${seconds(rpo.undoneSeconds)} at most`;
  const writes = [
    ["acknowledged", String(rpo.acknowledged)],
    ["lost", String(rpo.lost)],
    ["of unknown outcome (may be there or not)", String(rpo.indeterminate)],
    ["longest time without an acknowledged write", seconds(rpo.maxGap)],
    ...(rpo.undoneSeconds > 0
      ? [["acknowledged after the backup, undone by the restore", undone]]
      : []),
  ];
  return [
    "## How long it took (RTO)",
    table(["From the fault to", "Time"], rows),
    "## What became of the writes (RPO)",
    table(["Writes", "Seen"], writes),
  ];
}

const moment = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace("T", " ").slice(0, 19);

/** The report of a drill as Markdown, for a person who learns from it. Ends with a newline. */
export function markdownReport(
  verdict: Verdict,
  { question, lab, limits = [] }: ReportContext,
): string {
  const { drill, runId, checks, steps, startedAt, endedAt } = verdict;
  const where = lab === undefined ? "" : ` on lab ${plain(lab)}`;
  const took = seconds((endedAt - startedAt) / 1000);
  const rows = checks.map((one) => [
    plain(one.name),
    plain(one.expected),
    plain(one.seen),
    one.ok ? "yes" : "**no**",
  ]);
  const ran = verdict.verdict !== "unavailable";
  return `${[
    `# Drill ${plain(drill)}: ${verdict.verdict}`,
    `**${plain(question)}**`,
    `${verdict.verdict}: ${plain(verdict.reason)}`,
    `Run ${plain(runId)}${where}, ${moment(startedAt)} UTC, ${took}.`,
    ...(ran
      ? [
          "## What was checked",
          rows.length === 0 ? "Nothing." : table(["Check", "Expected", "Seen", "Holds"], rows),
          ...times(verdict),
        ]
      : []),
    ...(steps.length === 0
      ? []
      : ["## What was done, as you would type it", fenced(commandsOf(steps))]),
    ...(limits.length === 0
      ? []
      : ["## What this does not prove", limits.map((each) => `- ${plain(each)}`).join("\n")]),
  ].join("\n\n")}\n`;
}
