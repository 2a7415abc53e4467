/**
 * Runs one drill on a lab and prints its verdict as one JSON line. A run id is run once: told the same one again it prints
 * what it decided then. Exit code 1 when the drill failed, so that the `up` that asked for it fails too; the evidence stays.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drillNamed } from "../../components/drills/catalogue/index.ts";
import type { Drill } from "../../components/drills/drill.ts";
import { PreconditionError } from "../../components/drills/evidence.ts";
import { markdownReport } from "../../components/drills/report.ts";
import type { DrillInput } from "../../components/drills/run-input.ts";
import { judge, type Verdict } from "../../components/drills/verdict.ts";
import { input } from "../lib/driver.ts";
import { groundOf } from "./ground.ts";
import { notWhole } from "./lab-health.ts";
import { type LabStage, labStage } from "./lab-stage.ts";
import { drillPlaces } from "./places.ts";
import { Record } from "./record.ts";
import { markMended, markUnmended } from "./unmended.ts";

/** Seconds a lab gets to be whole before it is broken, and after the drill has mended it. */
const SETTLE = 120;

/** What no drill of this lab proves. */
const LIMITS = [
  "A manager that follows passes reads on to the leader: equal answers of all managers prove one leader, not each one's own log.",
];

async function act(drill: Drill, stage: LabStage, record: Record): Promise<void> {
  stage.phase("healthy", "the lab is whole before anything is broken");
  try {
    await stage.whole(SETTLE);
  } catch (error) {
    throw new PreconditionError((error as Error).message);
  }
  const { folder, evidence } = record;
  await markUnmended(folder, { drill: drill.name, runId: evidence.runId });
  await drill.run(stage);
  stage.phase("restore-lab", "the lab is left as it was found");
  // First: what is cut off has to be heard again when every manager is read.
  const left = await stage.deferred.run();
  if (left !== undefined) throw new Error(left);
  await stage.traffic.end();
  await stage.traffic.clean();
  await stage.whole(SETTLE);
  record.mark("end");
  await markMended(folder);
}

interface Outcome {
  readonly verdict: Verdict;
  /** False of a verdict that an earlier run with the same id decided. */
  readonly decidedNow: boolean;
}

async function run(told: DrillInput): Promise<Outcome> {
  const { name, runId, description, reports, withoutRecovery = false } = told;
  const drill = drillNamed(name);
  const folder = join(reports, `${runId}-${name}`);
  const verdictFile = join(folder, "verdict.json");
  if (existsSync(verdictFile)) {
    const verdict = JSON.parse(await readFile(verdictFile, "utf8")) as Verdict;
    return { verdict, decidedNow: false };
  }
  const killed = existsSync(join(folder, "progress.log"));
  const record = await Record.open({ drill: name, runId, lab: description.lab, folder });
  const { evidence } = record;
  const stage = labStage(description, record, drillPlaces(folder), {
    recovers: !withoutRecovery,
  });
  const reason = drill.needs(groundOf(description));
  if (reason !== undefined) evidence.available = { reason };
  else if (killed)
    evidence.error = new PreconditionError(
      "an earlier run with this id was killed; run it again under another id",
    ).message;
  else {
    try {
      await act(drill, stage, record);
    } catch (error) {
      evidence.error = (error as Error).message;
      record.say(`failed: ${evidence.error}`);
      stage.phase("restore-lab", "what the drill began is undone");
      await stage.deferred.run();
      await stage.traffic.giveUp();
      evidence.facts.afterwards = (await notWhole(description)) ?? "whole";
    }
  }
  const { fault, healed } = evidence.marks;
  if (fault !== undefined) evidence.fault = { from: fault, to: healed ?? null };
  await record.save();
  const checks =
    evidence.available === true && evidence.error === null ? drill.judge(evidence) : [];
  const verdict = judge(evidence, checks, {
    ...{ minimum: drill.minimumWrites, expectLost: drill.expectLost ?? false },
    reportFolder: folder,
  });
  await writeFile(
    join(folder, "report.md"),
    markdownReport(verdict, {
      ...{
        question: drill.question,
        lab: description.lab,
        limits: [...LIMITS, ...(drill.limits ?? [])],
      },
    }),
  );
  await writeFile(verdictFile, JSON.stringify(verdict));
  return { verdict, decidedNow: true };
}

const { verdict, decidedNow } = await run(input<DrillInput>("LAB_DRILL"));
process.stdout.write(`${JSON.stringify(verdict)}\n`);
process.stderr.write(`drill ${verdict.drill}: ${verdict.verdict}: ${verdict.reason}\n`);
// A verdict of an earlier run is only told again: it made that run fail already.
process.exitCode = decidedNow && verdict.verdict === "failed" ? 1 : 0;
process.exit();
