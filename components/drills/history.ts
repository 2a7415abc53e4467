/** What became of one write: acknowledged, refused for certain, or one that may be there or not. */
export type WriteResult = "ok" | "failed" | "indeterminate";

/** One write of a drill's history. Its name is unique, and its data is its name. */
export interface Operation {
  /** Node that was asked. */
  readonly writer: string;
  readonly name: string;
  /** Milliseconds since 1970 by the node's clock; `end` is null when no answer ever came. */
  readonly start: number;
  readonly end: number | null;
  readonly result: WriteResult;
  /** What the engine answered, or why there is no answer; empty when it was acknowledged. */
  readonly detail: string;
}

const NO_LEADER = /does not have a leader/;
/** A manager that lost its connection to the leader waits this long before it looks for another one (swarmkit, raftproxy). */
const RESEND_MS = 500;

/**
 * What an answer to `POST /configs/create` proves. Only 201 is an acknowledgement. A refusal is definite when nothing can
 * have been proposed to Raft: 4xx, and "does not have a leader" said at once. All else may still be committed: 500 and 503
 * ("node lost leader status", "context deadline exceeded"), time-outs, broken sockets.
 *
 * Two answers are not what they seem, as a manager sends a request again by itself when its connection to the leader
 * breaks. A 409 for a name that nobody else uses is the conflict with its own first attempt. And "does not have a leader"
 * after `milliseconds` of half a second or more may follow a first attempt that a later leader commits.
 */
export function classify(
  httpCode: number,
  body: string,
  curlExit: number,
  milliseconds = 0,
): WriteResult {
  if (httpCode === 201) return "ok";
  if (curlExit !== 0 || httpCode === 409) return "indeterminate";
  if (httpCode >= 400 && httpCode < 500) return "failed";
  if (httpCode >= 500 && NO_LEADER.test(body) && milliseconds < RESEND_MS) return "failed";
  return "indeterminate";
}

/** A write that was sent and not answered yet: how it stays when its client dies. */
export function begun(writer: string, name: string, start: number): Operation {
  const detail = "no answer came: the client ended, or the drill did";
  return { writer, name, start, end: null, result: "indeterminate", detail };
}

/** One line of a history file. */
export const historyLine = (operation: Operation): string => `${JSON.stringify(operation)}\n`;

/**
 * Reads a history file: a line when a write begins and another when it ends, the later one counts. A last line that was
 * cut off by a crash is left out; its write stays as it began. Throws on any other line that is no operation.
 */
export function parseHistory(text: string): Operation[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  const operations = new Map<string, Operation>();
  for (const line of whole.filter((each) => each !== "")) {
    const operation = JSON.parse(line) as Operation;
    if (typeof operation?.name !== "string" || typeof operation.start !== "number")
      throw new Error(`history: got ${line.slice(0, 80)}, need an operation on each line`);
    operations.set(operation.name, operation);
  }
  return [...operations.values()];
}
