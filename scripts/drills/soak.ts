/**
 * Runs a random sequence of drills on one lab while writers of its own go on through all of them, and judges the whole
 * history at the end. Prints its verdict as one JSON line; exit code 1 when it failed. What it was told is in LAB_SOAK.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import { markdownReport } from "../../components/drills/report.ts";
import type { SoakInput } from "../../components/drills/run-input.ts";
import { judgeSoak, soakSequence } from "../../components/drills/soak.ts";
import { judge, type Verdict } from "../../components/drills/verdict.ts";
import { input } from "../lib/driver.ts";
import { runApart } from "./apart.ts";
import { groundOf } from "./ground.ts";
import { awaitWhole, notWhole } from "./lab-health.ts";
import { Record } from "./record.ts";
import { Traffic } from "./traffic.ts";

/** Seconds between the soak's own writes: enough to see a loss, few enough for an hour of them to be read at once. */
const PAUSE = 2;
const SETTLE = 120;

const { runId, count, seed, description, reports } = input<SoakInput>("LAB_SOAK");
const { lab, nodes } = description;
const folder = join(reports, `${runId}-soak`);
const record = await Record.open({ drill: "soak", runId, lab, folder });
const managers = nodes.filter(({ role }) => role === "manager");
const traffic = new Traffic(managers, [], record);
const sequence = soakSequence(DRILLS, groundOf(description), count, seed);
const verdicts: Pick<Verdict, "drill" | "runId" | "verdict" | "reason">[] = [];
record.fact("seed", seed);
record.fact(
  "wanted",
  sequence.map(({ name }) => name),
);
record.fact("verdicts", verdicts);
try {
  record.phase("healthy", "the lab is whole before anything is broken");
  await awaitWhole(description, SETTLE);
  record.phase("plant", "writers that go on through all of it");
  await traffic.start({ pause: PAUSE });
  record.phase("break", `${count} drills, seed ${seed}`);
  record.mark("fault");
  for (const [index, { name }] of sequence.entries()) {
    record.say(`${index + 1} of ${count}: ${name}`);
    const id = `${runId}-${index + 1}`;
    const { verdict, reason } = await runApart({ name, runId: id, description, reports });
    verdicts.push({ drill: name, runId: id, verdict, reason });
    await awaitWhole(description, SETTLE);
  }
  record.mark("healed");
  record.phase("verify", "the writes of the whole time");
  await traffic.more(20, 120);
  await traffic.end();
  await traffic.clean();
  record.mark("end");
} catch (error) {
  record.evidence.error = (error as Error).message;
  record.say(`failed: ${record.evidence.error}`);
  await traffic.giveUp();
  record.fact("afterwards", (await notWhole(description)) ?? "whole");
}
const { evidence } = record;
const { fault, healed } = evidence.marks;
if (fault !== undefined) evidence.fault = { from: fault, to: healed ?? null };
await record.save();
const verdict = judge(evidence, judgeSoak(evidence), { minimum: 20, reportFolder: folder });
const question = `Does a swarm bear ${count} failures one after another, without losing a write?`;
await writeFile(join(folder, "report.md"), markdownReport(verdict, { question, lab, limits: [] }));
await writeFile(join(folder, "verdict.json"), JSON.stringify(verdict));
process.stdout.write(`${JSON.stringify(verdict)}\n`);
process.exitCode = verdict.verdict === "passed" ? 0 : 1;
process.exit();
