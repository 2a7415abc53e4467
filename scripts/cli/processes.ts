import { basename } from "node:path";
import { capture } from "./run.ts";

/** A process with its environment, as `ps` shows it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The command line, followed by the environment where the user may see it. */
  readonly text: string;
}

/** Parses `ps -o pid=,ppid=,command=`. */
export function parseProcesses(text: string): Process[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    if (match === null) return [];
    return [{ pid: Number(match[1]), parent: Number(match[2]), text: match[3] ?? "" }];
  });
}

const program = (process: Process | undefined) =>
  basename(process?.text.split(" ", 1)[0] ?? "").replace(/:$/, "");

/**
 * Pulumi's helpers (plugins, language host) that outlived their pulumi, with all they started: those that have every
 * one of `marks` in their environment and no living pulumi as parent. They may still be creating something.
 */
export function orphans(processes: readonly Process[], marks: readonly string[]): number[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const heads = processes.filter(
    (process) =>
      /^pulumi-(resource|language)-/.test(program(process)) &&
      program(byPid.get(process.parent)) !== "pulumi" &&
      marks.every((mark) => ` ${process.text} `.includes(` ${mark} `)),
  );
  const found = new Set(heads.map((process) => process.pid));
  // A parent may come after its child in the list, so look until nothing is added.
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** All processes, with the environment of those that are the user's own. */
export async function listProcesses(): Promise<Process[]> {
  const { stdout } = await capture("ps", ["axeww", "-o", "pid=,ppid=,command="]);
  return parseProcesses(stdout);
}

/** The program in a line of `ps -o stat=,comm=`; a dead process that nobody has waited for (Z) is none. */
export function livingProgram(line: string): string | undefined {
  const [, state = "", name = ""] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(line) ?? [];
  return name === "" || /^[ZX]/.test(state) ? undefined : basename(name);
}

/** What the program of a process is called, or undefined when there is no such process. */
export async function programOf(pid: number): Promise<string | undefined> {
  const { stdout } = await capture("ps", ["-o", "stat=,comm=", "-p", String(pid)]);
  return livingProgram(stdout);
}
