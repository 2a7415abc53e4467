import { describeProblem } from "../../components/errors.ts";
import { explained } from "../../components/nodes/explain.ts";

/** The parts of Pulumi's engine events that progress is drawn from (`pulumi up --json` prints one a line). */
interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
    readonly ephemeral?: boolean;
  };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

/** Something to say about a running operation. `notable` is for the terminal, the rest for the log alone. */
export interface Saying {
  readonly text: string;
  readonly notable: boolean;
  readonly kind: "done" | "failed" | "error" | "warning" | "info";
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  "create-replacement": "created anew",
  update: "updated",
  delete: "deleted",
  "delete-replaced": "deleted the old",
  replace: "replaced",
  read: "read",
  refresh: "refreshed",
};

/** `docker:index/container:Container::manager-1` of a URN as `Container manager-1`. */
export function resourceName(urn: string): string {
  const [type = "", ...name] = urn.split("::").slice(2);
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name.join("::")}`;
}

/** A component is nothing by itself; its parts are reported. */
const quiet = ({ type, op }: Metadata) =>
  op === "same" || type.startsWith("swarm-lab:") || type.startsWith("pulumi:");

/**
 * Follows one operation: takes its events in order and answers with what is to be said of each. What took less than
 * `notable` milliseconds goes to the log only.
 */
export class Progress {
  readonly #started = new Map<string, number>();
  readonly #notable: number;
  #changes: Readonly<Record<string, number>> = {};
  #errors: string[] = [];

  constructor(notable = 1000) {
    this.#notable = notable;
  }

  take(event: EngineEvent, now: number): Saying[] {
    if (event.summaryEvent) this.#changes = event.summaryEvent.resourceChanges ?? {};
    if (event.resourcePreEvent) this.#begin(event.resourcePreEvent.metadata, now);
    if (event.resOutputsEvent) return this.#end(event.resOutputsEvent.metadata, now, "done");
    if (event.resOpFailedEvent) return this.#end(event.resOpFailedEvent.metadata, now, "failed");
    return event.diagnosticEvent ? this.#diagnose(event.diagnosticEvent) : [];
  }

  /** What is in flight, longest first, for a sign of life while nothing ends. */
  inFlight(now: number): string[] {
    return [...this.#started]
      .sort(([, a], [, b]) => a - b)
      .map(([urn, start]) => `${resourceName(urn)} (${Math.round((now - start) / 1000)} s)`);
  }

  /** What changed, as `12 created, 1 updated, 30 unchanged`. */
  get summary(): string {
    const words = Object.entries(this.#changes)
      .filter(([, count]) => count > 0)
      .map(([op, count]) => `${count} ${op === "same" ? "unchanged" : (DONE[op] ?? op)}`);
    return words.join(", ") || "nothing to do";
  }

  get changes(): Readonly<Record<string, number>> {
    return this.#changes;
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  #begin(metadata: Metadata, now: number) {
    if (!quiet(metadata)) this.#started.set(metadata.urn, now);
  }

  #end(metadata: Metadata, now: number, kind: "done" | "failed"): Saying[] {
    const start = this.#started.get(metadata.urn);
    if (start === undefined) return [];
    this.#started.delete(metadata.urn);
    const word =
      kind === "failed" ? `failed to ${metadata.op}` : (DONE[metadata.op] ?? metadata.op);
    const text = `${word} ${resourceName(metadata.urn)} ${((now - start) / 1000).toFixed(1)} s`;
    return [{ text, kind, notable: kind === "failed" || now - start >= this.#notable }];
  }

  #diagnose(event: NonNullable<EngineEvent["diagnosticEvent"]>): Saying[] {
    const { severity, message, urn } = event;
    if (severity === "debug" || event.ephemeral) return [];
    const kind = severity === "error" || severity === "warning" ? severity : "info";
    const of = urn && !urn.includes("::pulumi:pulumi:Stack::") ? `${resourceName(urn)}: ` : "";
    const whole = of + message.trim();
    const problem = kind === "error" ? explained(message, urn) : undefined;
    const plain = problem && describeProblem(problem);
    const text = plain ?? whole;
    // As it was said, for the log: once for each resource, where the sentence is the same for all.
    const raw: Saying[] = plain ? [{ text: whole, kind: "info", notable: false }] : [];
    if (text === "" || (kind === "error" && this.#errors.includes(text))) return raw;
    if (kind === "error") this.#errors.push(text);
    return [...raw, { text, kind, notable: kind !== "info" }];
  }
}
