import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { drillNamed } from "../../components/drills/catalogue/index.ts";
import { type Evidence, parseEvidence } from "../../components/drills/evidence.ts";
import { historyLine } from "../../components/drills/history.ts";
import { judge, type Verdict } from "../../components/drills/verdict.ts";
import { EXERCISES } from "../../components/practice/catalogue/index.ts";
import { DOMAINS, type Domain } from "../../components/practice/domains.ts";
import { draw, type FinishedExam, score } from "../../components/practice/exam.ts";
import type { LabSeen } from "../../components/report/input.ts";
import { assess } from "../../scripts/cli/assess.ts";
import { modelStatus } from "../../scripts/cli/status-model.ts";
import { labSeen } from "../../scripts/report/read-lab.ts";
import { findings } from "../unit/cli-status-support.ts";

const FIXTURES = new URL("../unit/fixtures/", import.meta.url);
/** Two runs of restore-cluster on one lab, whole. */
export const restores = (): Evidence[] =>
  [1, 2].map((run) => {
    const file = new URL(`../report/fixtures/restore-cluster-${run}.json.gz`, import.meta.url);
    return parseEvidence(gunzipSync(readFileSync(file)).toString("utf8"));
  });

/** What a run of a drill on a real lab recorded; all but restore-cluster's are cut down to some of their writes. */
export function savedEvidence(drill: string): Evidence {
  const [whole] = drill === "restore-cluster" ? restores() : [];
  if (whole !== undefined) return whole;
  return parseEvidence(readFileSync(new URL(`drill-${drill}.json`, FIXTURES), "utf8"));
}

/** The same run `days` later, its recovery `factor` times as long: runs of one drill over time. */
export function later(evidence: Evidence, { days = 0, factor = 1, runId = "" }): Evidence {
  const zero = evidence.marks.fault ?? evidence.startedAt;
  const move = (at: number) =>
    Math.round(zero + (at > zero ? (at - zero) * factor : at - zero) + days * 86_400_000);
  const began = new Date(move(evidence.startedAt)).toISOString().slice(0, 19);
  return {
    ...evidence,
    lab: "dev",
    runId: runId || began.replaceAll(/[-:]/g, "").replace("T", "-"),
    startedAt: move(evidence.startedAt),
    endedAt: move(evidence.endedAt),
    steps: evidence.steps.map((step) => ({ ...step, at: move(step.at) })),
    operations: evidence.operations.map((one) => ({
      ...one,
      start: move(one.start),
      end: one.end === null ? null : move(one.end),
    })),
    cut: evidence.cut && { from: move(evidence.cut.from), to: move(evidence.cut.to) },
    fault: evidence.fault && {
      from: move(evidence.fault.from),
      to: evidence.fault.to === null ? null : move(evidence.fault.to),
    },
    marks: Object.fromEntries(Object.entries(evidence.marks).map(([name, at]) => [name, move(at)])),
  };
}

/** The verdict of the drill's own judge. */
export function judged(evidence: Evidence, reportFolder?: string): Verdict {
  const drill = drillNamed(evidence.drill);
  const checks = evidence.error === null ? drill.judge(evidence) : [];
  return judge(evidence, checks, {
    minimum: Math.min(drill.minimumWrites, 3),
    expectLost: drill.expectLost ?? false,
    ...(reportFolder === undefined ? {} : { reportFolder }),
  });
}

/** Writes a run into a lab's reports, as the program that runs drills does. */
export function writeRun(reports: string, evidence: Evidence, cluster = "ab12cd34"): Verdict {
  const name = `${evidence.runId}-${evidence.drill}`;
  const folder = join(reports, evidence.lab, cluster, name);
  mkdirSync(folder, { recursive: true });
  const verdict = judged(evidence, join("reports", evidence.lab, cluster, name));
  writeFileSync(join(folder, "evidence.json"), JSON.stringify(evidence));
  writeFileSync(join(folder, "verdict.json"), JSON.stringify(verdict));
  return verdict;
}

/** A run that is under way: its history and progress as far as it has come. */
export function writeUnderWay(reports: string, now: number): string {
  const whole = savedEvidence("leader-loss");
  const shown = whole.operations.filter(({ start }) => start < whole.startedAt + 30_000);
  const shift = now - (whole.startedAt + 30_000);
  const folder = join(reports, whole.lab, "ab12cd34", "20261122-101500-leader-loss");
  mkdirSync(folder, { recursive: true });
  const moved = shown.map((one) => ({
    ...one,
    start: one.start + shift,
    end: one.end === null ? null : Math.min(one.end + shift, now),
  }));
  writeFileSync(join(folder, "history.jsonl"), moved.map(historyLine).join(""));
  writeFileSync(
    join(folder, "progress.log"),
    [
      "   0 s  healthy: the lab is whole before anything is broken",
      "   1 s  plant: writers on every manager",
      "  11 s  break: m1, the leader, loses its power",
      "  11 s    m1: (its power is cut) (0.9 s)",
      "  12 s  prove: the others elect one of themselves and miss it",
      "  30 s    m2: docker node ls (1.2 s)",
      "",
    ].join("\n"),
  );
  return folder;
}

/** A finished exam of which some were passed, the same for the same seed. */
export function exam(seed: string, days: number, passes: number): FinishedExam {
  const items = draw(EXERCISES, { minutes: 45, seed }).map(({ name, domain }, at) => ({
    ...{ name, domain, passed: at % 10 < passes },
  }));
  const startedAt = Date.UTC(2026, 10, 10 + days, 18, 0);
  return {
    ...score(items),
    ...{ seed, minutes: 45, startedAt, endedAt: startedAt + 41 * 60_000 },
    items: items.map(({ name, passed }) => ({ exercise: name, passed })),
  };
}

/** Exercises that were done: some of each domain, a few of them shown. */
export const done = () =>
  Object.fromEntries(
    (Object.keys(DOMAINS) as Domain[]).flatMap((domain, index) =>
      EXERCISES.filter((one) => one.domain === domain)
        .slice(0, 2 + index)
        .map(({ name, minutes }, at) => [
          name,
          {
            at: Date.UTC(2026, 10, 12 + index, 9, at),
            seconds: minutes * 47,
            hints: at % 3,
            solved: at % 4 === 3,
          },
        ]),
    ),
  );

/** A lab of three managers and two workers that stands, as `npm run status` sees it. */
export function seen(): LabSeen {
  const found = findings();
  const status = modelStatus(found);
  return labSeen({ findings: found, status, assessment: assess(found, status) });
}

/** Whole days earlier where it has to be: the newest runs are restore-cluster's, whenever another's evidence is saved anew. */
function beforeRestores(evidence: Evidence): Evidence {
  const first = Math.min(...restores().map(({ startedAt }) => startedAt));
  const days = Math.ceil((evidence.endedAt - first) / 86_400_000);
  return later(evidence, { days: -Math.max(days, 0) });
}

/** Drills of all kinds: two restores, a recovery that got faster, a control that loses, one that failed, one without writers. */
export function writeSample(reports: string): void {
  for (const evidence of restores()) writeRun(reports, later(evidence, {}));
  for (const factor of [2, 1])
    writeRun(reports, later(savedEvidence("leader-loss"), { days: 1 - factor, factor }));
  for (const drill of ["restore-new-node", "quorum-force", "zone-loss", "drain", "worker-loss"])
    writeRun(reports, beforeRestores(savedEvidence(drill)));
  const failed = beforeRestores(savedEvidence("follower-loss"));
  failed.facts.down = "m2 Ready Reachable";
  writeRun(reports, failed);
}
