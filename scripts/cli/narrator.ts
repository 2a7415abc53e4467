import { createWriteStream, type WriteStream } from "node:fs";
import pc from "picocolors";
import { type EngineEvent, Progress, type Saying } from "./events.ts";
import { type Report, since } from "./report.ts";

/** Milliseconds without a word after which a sign of life is given. */
const SILENCE = 10_000;

const PAINT: Readonly<Record<Saying["kind"], (text: string) => string>> = {
  done: (text) => pc.dim(`  ${text}`),
  failed: (text) => pc.red(`  ${text}`),
  error: (text) => pc.red(`  error: ${text}`),
  warning: (text) => pc.yellow(`  warning: ${text}`),
  info: (text) => text,
};

function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}

/**
 * Tells of one running operation: everything goes to its log, what matters to the person, and when there was nothing
 * to say for ten seconds, what it is still at. Pulumi's events also carry debug lines in which secrets may stand in
 * clear: those reach neither.
 */
export class Narrator {
  readonly progress = new Progress();
  readonly #start = performance.now();
  readonly #file: WriteStream;
  readonly #say: Report;
  readonly #beat: NodeJS.Timeout;
  #spoke = this.#start;
  #advanced = this.#start;

  constructor(log: string, say: Report) {
    this.#file = createWriteStream(log, { mode: 0o600 });
    this.#say = say;
    this.#beat = setInterval(() => this.#signOfLife(), 1000);
  }

  /** Milliseconds since something was last done, or failed. */
  get stalled(): number {
    return performance.now() - this.#advanced;
  }

  /** Takes a line of Pulumi's: an event, or words of its own. */
  take(line: string, stream: "stdout" | "stderr"): void {
    const event = stream === "stdout" ? parseEvent(line) : undefined;
    if (event !== undefined) {
      for (const saying of this.progress.take(event, performance.now())) this.note(saying);
    } else if (line.trim() !== "") {
      this.note({ text: line, kind: "info", notable: stream === "stderr" });
    }
  }

  note(saying: Saying): void {
    const now = performance.now();
    if (saying.kind === "done" || saying.kind === "failed") this.#advanced = now;
    const seconds = ((now - this.#start) / 1000).toFixed(1);
    this.#file.write(`${seconds} ${saying.kind}: ${saying.text}\n`);
    if (!saying.notable) return;
    this.#spoke = now;
    this.#say(PAINT[saying.kind](saying.text));
  }

  /** Ends the telling; the log is whole once this is over. */
  async end(): Promise<void> {
    clearInterval(this.#beat);
    await new Promise((resolve) => this.#file.end(resolve));
  }

  #signOfLife(): void {
    const now = performance.now();
    const [first, ...others] = this.progress.inFlight(now);
    if (now - this.#spoke < SILENCE || first === undefined) return;
    this.#spoke = now;
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    this.#say(pc.dim(`  ${since(this.#start)}: still at ${first}${more}`));
  }
}
