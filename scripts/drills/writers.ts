import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { historyLine, type Operation } from "../../components/drills/history.ts";
import { shellOn } from "../../components/nodes/shell.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { waitFor } from "../lib/wait.ts";
import { parseWriterLine, WRITER, writerEnv } from "./writer.ts";

/** Seconds until a writer that cannot run on its node is tried again. */
const AGAIN = 0.5;
/** Seconds that the last write may take (curl gives up after 30) before its client is killed. */
const LAST_WRITE = 33;

export interface WritersOptions {
  /** File that the history is appended to as it happens, for `parseHistory`: a crash of the drill keeps it. */
  readonly historyFile?: string;
  /** Seconds from an answer to the next write (default 0.2). */
  readonly pause?: number;
}

/** One sequential writer on each manager, kept running through whatever happens to its node. */
export interface Writers {
  /** The history so far; a write without an answer yet is indeterminate. */
  operations(): Operation[];
  /** Acknowledged writes so far, of all writers. */
  acked(): number;
  /** Returns when `count` more writes than now are acknowledged. Fails after `seconds`, with what the writers heard last. */
  waitForAcks(count: number, seconds: number): Promise<void>;
  /** Lets every writer finish the write in hand, ends it, and returns the whole history. */
  stop(): Promise<Operation[]>;
}

class Writer {
  readonly history = new Map<string, Operation>();
  /** Why it does not run, when it does not. */
  trouble = "";
  private readonly stopping = new AbortController();
  private child: ChildProcess | undefined;
  private inFlight: Operation | undefined;
  private readonly ended: Promise<void>;
  readonly node: NodeHandle;
  private readonly runId: string;
  private readonly record: (operation: Operation) => void;

  private readonly pause: number | undefined;

  constructor(
    node: NodeHandle,
    runId: string,
    record: (operation: Operation) => void,
    pause?: number,
  ) {
    this.pause = pause;
    this.node = node;
    this.runId = runId;
    this.record = record;
    this.ended = this.supervise();
    // Awaited in stop(); until then a failure must not end the drill that it belongs to.
    this.ended.catch(() => undefined);
  }

  private async supervise(): Promise<void> {
    const { signal } = this.stopping;
    // A name is used once: what an incarnation began, even unheard, no later one repeats.
    for (let incarnation = 1; !signal.aborted; incarnation += 1) {
      await this.run(incarnation);
      await sleep(AGAIN * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs the loop on the node once, until it ends by whatever cause. */
  private async run(incarnation: number): Promise<void> {
    const env = writerEnv(this.runId, this.node.name, incarnation, this.pause);
    const shell = shellOn(this.node.connection, WRITER, env);
    const child = spawn(shell.command, shell.args, {
      env: { ...process.env, ...shell.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child = child;
    let said = "";
    child.stderr.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-300);
    });
    // It may end before it is told to.
    child.stdin.on("error", () => undefined);
    child.stdin.write(shell.header);
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => this.hear(line));
    await new Promise<void>((resolve) => {
      child.once("error", (error) => {
        said = error.message;
        resolve();
      });
      child.once("close", (code, signal) => {
        said = `ended with ${code === null ? signal : `code ${code}`}: ${said.trim()}`;
        resolve();
      });
    });
    this.trouble = said;
    this.inFlight = undefined;
    this.child = undefined;
  }

  private hear(line: string): void {
    const operation = parseWriterLine(this.node.name, line, this.inFlight);
    if (operation === undefined) return;
    this.trouble = "";
    this.inFlight = operation.end === null ? operation : undefined;
    this.history.set(operation.name, operation);
    this.record(operation);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.child?.stdin?.end();
    const late = setTimeout(() => this.child?.kill("SIGKILL"), LAST_WRITE * 1000);
    await this.ended.finally(() => clearTimeout(late));
  }

  /** What it heard last, in a few words. */
  get state(): string {
    const last = [...this.history.values()].findLast(({ end }) => end !== null);
    const heard = last === undefined ? "no answer yet" : last.detail || "acknowledged";
    return `${this.node.name}: ${this.trouble || heard}`;
  }
}

/**
 * Starts a writer on every manager. When one ends, because its node was killed or stopped, its write in flight stays
 * indeterminate, and it is started again every 0.5 s until the node can be reached. Times are those of the nodes' clocks.
 * Throws on a run id that cannot name a config. Whoever starts writers has to stop them.
 */
export function startWriters(
  managers: readonly NodeHandle[],
  runId: string,
  { historyFile, pause }: WritersOptions = {},
): Writers {
  for (const { name } of managers) writerEnv(runId, name, 1);
  const file = historyFile === undefined ? undefined : openSync(historyFile, "a", 0o600);
  let open = true;
  const record = (operation: Operation) => {
    if (file !== undefined && open) writeSync(file, historyLine(operation));
  };
  const writers = managers.map((manager) => new Writer(manager, runId, record, pause));
  const operations = () => writers.flatMap(({ history }) => [...history.values()]);
  const acked = () => operations().filter(({ result }) => result === "ok").length;
  let stopped: Promise<Operation[]> | undefined;
  const stop = async () => {
    try {
      await Promise.all(writers.map((writer) => writer.stop()));
      return operations();
    } finally {
      open = false;
      if (file !== undefined) closeSync(file);
    }
  };
  return {
    operations,
    acked,
    async waitForAcks(count, seconds) {
      const goal = acked() + count;
      const look = async () => {
        const missing = goal - acked();
        if (missing <= 0) return { done: undefined };
        return { waiting: `${missing} missing; ${writers.map(({ state }) => state).join("; ")}` };
      };
      await waitFor(`${count} more acknowledged writes`, look, { deadline: seconds });
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
