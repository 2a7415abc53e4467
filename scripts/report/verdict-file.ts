import { z } from "zod";
import { Step } from "../../components/drills/evidence.ts";
import type { Verdict } from "../../components/drills/verdict.ts";

const Seconds = z.number().nullable();

const Shape = z.object({
  drill: z.string().min(1),
  runId: z.string().min(1),
  verdict: z.enum(["passed", "failed", "void", "unavailable"]),
  reason: z.string(),
  checks: z.array(
    z.object({ name: z.string(), expected: z.string(), seen: z.string(), ok: z.boolean() }),
  ),
  rto: z.object({ leader: Seconds, api: Seconds, replicas: Seconds, request: Seconds }),
  rpo: z.object({
    acknowledged: z.number(),
    lost: z.number(),
    indeterminate: z.number(),
    maxGap: z.number(),
    undone: z.number(),
    undoneSeconds: z.number(),
  }),
  steps: z.array(Step),
  startedAt: z.number(),
  endedAt: z.number(),
  reportFolder: z.string().optional(),
});

/** Reads a saved verdict. Throws with every place that is not as it should be. */
export function parseVerdict(text: string): Verdict {
  const found = Shape.safeParse(JSON.parse(text));
  if (!found.success) throw new Error(`verdict: ${z.prettifyError(found.error)}`);
  const { reportFolder, ...verdict } = found.data;
  return reportFolder === undefined ? verdict : { ...verdict, reportFolder };
}
