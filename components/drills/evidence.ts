import { z } from "zod";
import type { Operation } from "./history.ts";

/** The parts of every drill, in their order. */
export const Phase = z.enum([
  "available",
  "healthy",
  "plant",
  "break",
  "prove",
  "recover",
  "verify",
  "restore-lab",
]);
export type Phase = z.infer<typeof Phase>;

/** Milliseconds since 1970. */
const Moment = z.number();

/** One thing that a drill did: on which node, in the words a person would have typed, and how long it took. */
export const Step = z.object({
  phase: Phase,
  /** Null for what was done from the person's own machine. */
  node: z.string().nullable(),
  command: z.string(),
  seconds: z.number().nonnegative(),
  at: Moment,
});
export type Step = z.infer<typeof Step>;

const OperationRecord = z.object({
  writer: z.string(),
  name: z.string(),
  start: Moment,
  end: Moment.nullable(),
  result: z.enum(["ok", "failed", "indeterminate"]),
  detail: z.string(),
}) satisfies z.ZodType<Operation>;

/**
 * All that a drill saw and did, also when it failed midway: enough to judge it again later without any lab. `marks` are
 * moments that RTO is measured by: `fault`, `leader`, `api`, `replicas`, `request`, and `writers-stopped`.
 */
export const Evidence = z.strictObject({
  format: z.literal(1),
  drill: z.string().min(1),
  runId: z.string().min(1),
  lab: z.string().min(1),
  startedAt: Moment,
  endedAt: Moment,
  available: z.union([z.literal(true), z.object({ reason: z.string().min(1) })]),
  steps: z.array(Step),
  /** What was read from the lab before and after, by names that the drill chooses. */
  facts: z.record(z.string(), z.unknown()),
  operations: z.array(OperationRecord),
  reads: z.array(z.object({ manager: z.string(), values: z.record(z.string(), z.string()) })),
  cut: z.object({ from: Moment, to: Moment }).nullable(),
  /** `to` is null when the drill ended before the lab was whole again. */
  fault: z.object({ from: Moment, to: Moment.nullable() }).nullable(),
  marks: z.record(z.string(), Moment),
  /** What stopped the drill; begins with `precondition: ` where the lab was not fit to be broken. */
  error: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

const PRECONDITION = "precondition: ";

/** Thrown by a drill before it breaks anything: the lab is not as the drill needs it, so that it decides nothing. */
export class PreconditionError extends Error {
  override readonly name = "PreconditionError";
  constructor(reason: string) {
    super(`${PRECONDITION}${reason}`);
  }
}

/** The reason when `error` is a precondition that did not hold. */
export function preconditionOf(error: string | null): string | undefined {
  return error?.startsWith(PRECONDITION) ? error.slice(PRECONDITION.length) : undefined;
}

/** Evidence of a drill that has done nothing yet. */
export function emptyEvidence(
  about: Pick<Evidence, "drill" | "runId" | "lab" | "startedAt">,
): Evidence {
  return {
    format: 1,
    ...about,
    endedAt: about.startedAt,
    available: true,
    steps: [],
    facts: {},
    operations: [],
    reads: [],
    cut: null,
    fault: null,
    marks: {},
    error: null,
  };
}

/** Reads saved evidence. Throws with every place that is not as it should be. */
export function parseEvidence(text: string): Evidence {
  const found = Evidence.safeParse(JSON.parse(text));
  if (found.success) return found.data;
  throw new Error(`evidence: need format 1 of a drill's evidence: ${z.prettifyError(found.error)}`);
}
