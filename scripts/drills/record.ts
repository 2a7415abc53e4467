import { appendFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Evidence,
  emptyEvidence,
  type Phase,
  type Step,
} from "../../components/drills/evidence.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";

export interface RecordOptions {
  readonly drill: string;
  readonly runId: string;
  readonly lab: string;
  /** Folder of this run's evidence. */
  readonly folder: string;
}

const seconds = (since: number) => Math.round((Date.now() - since) / 10) / 100;

/** Keeps all that a drill does and sees, tells of it while it happens, and writes it down also when the drill fails. */
export class Record {
  readonly evidence: { -readonly [K in keyof Evidence]: Evidence[K] };
  readonly folder: string;
  private phaseNow: Phase = "available";
  private readonly began = Date.now();

  private constructor({ folder, ...about }: RecordOptions) {
    this.folder = folder;
    this.evidence = emptyEvidence({ ...about, startedAt: this.began });
  }

  static async open(options: RecordOptions): Promise<Record> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    return new Record(options);
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** A line of progress: on stderr, and in progress.log for whoever follows from elsewhere. */
  say = (line: string): void => {
    const text = `${String(Math.round((Date.now() - this.began) / 1000)).padStart(4)} s  ${line}\n`;
    process.stderr.write(text);
    appendFileSync(this.file("progress.log"), text); // at once: lines keep their order, and the last is not lost
  };

  phase(phase: Phase, what: string): void {
    this.phaseNow = phase;
    this.say(`${phase}: ${what}`);
  }

  fact(name: string, value: unknown): void {
    this.evidence.facts[name] = value;
  }

  mark(name: string, at = Date.now()): number {
    this.evidence.marks[name] ??= at;
    return this.evidence.marks[name];
  }

  /** Runs work as a step of the present phase; it is kept whether it succeeds or not. */
  async step<T>(
    node: Pick<NodeHandle, "name"> | null,
    command: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const at = Date.now();
    const phase = this.phaseNow;
    const keep = (ok: boolean) => {
      const step: Step = { phase, node: node?.name ?? null, command, seconds: seconds(at), at };
      this.evidence.steps.push(step);
      if (step.seconds >= 1 || !ok)
        this.say(
          `  ${node ? `${node.name}: ` : ""}${command.split("\n")[0]} ${ok ? "" : "failed "}(${step.seconds} s)`,
        );
    };
    try {
      const result = await work();
      keep(true);
      return result;
    } catch (error) {
      keep(false);
      throw error;
    }
  }

  async save(): Promise<void> {
    this.evidence.endedAt = Date.now();
    await writeFile(this.file("evidence.json"), JSON.stringify(this.evidence), { mode: 0o600 });
  }
}
