import type { Evidence } from "../../components/drills/evidence.ts";
import type { ReportInput, RunRecord } from "../../components/report/input.ts";
import { judged } from "../support/report-sample.ts";

/** What is read of a lab that is down, on which nothing was ever done. */
export const emptyInput = (change: Partial<ReportInput> = {}): ReportInput => ({
  ...{ lab: "dev", at: Date.UTC(2026, 10, 22, 8, 0) },
  seen: { unseen: "Docker engine: got no docker client, need one that answers" },
  ...{ runs: [], done: {}, exams: [], atWork: {}, unreadable: [], otherLabs: [], withheld: 0 },
  ...change,
});

/** A run with its verdict, as it is read from its folder. */
export const recordOf = (evidence: Evidence): RunRecord => ({
  ...{ drill: evidence.drill, runId: evidence.runId, cluster: "ab12cd34", evidence },
  ...{ verdict: judged(evidence), progress: [], operations: [], lastSign: evidence.endedAt },
});
