import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import type { Check, Verdict } from "../../components/drills/verdict.ts";

/** Says what a drill writes into its progress file, as it writes it, until `stop` is called. */
export function follow(file: string): { stop(): Promise<void> } {
  let running = true;
  let at = 0;
  const once = async () => {
    if (!existsSync(file)) return;
    const handle = await open(file, "r");
    const { buffer, bytesRead } = await handle.read({ position: at, buffer: Buffer.alloc(65_536) });
    await handle.close();
    at += bytesRead;
    if (bytesRead > 0) process.stderr.write(buffer.subarray(0, bytesRead));
  };
  const done = (async () => {
    while (running) {
      await once();
      await sleep(200);
    }
    await once();
  })();
  return {
    async stop() {
      running = false;
      await done;
    },
  };
}

/** Whether a line of an operation's telling says only that a step goes on. */
export const isSignOfLife = (line: string): boolean =>
  /^ {2}[\d.]+ s: still at /.test(stripVTControlCharacters(line));

/** Seconds as a verdict shows them; a dash for what was not measured. */
export const seconds = (value: number | null) => (value === null ? "-" : `${value.toFixed(1)} s`);

function drawCheck({ name, expected, seen, ok }: Check): string[] {
  if (ok) return [`${pc.green("ok")}  ${name}`];
  return [`${pc.red("NO")}  ${name}`, `    expected ${expected}`, `    seen     ${seen}`];
}

/** A verdict for the terminal: a line for each check, what failed in full below its name, times, writes, the outcome. */
export function drawVerdict(told: Verdict): string {
  const { drill, verdict, reason, checks, rto, rpo, reportFolder } = told;
  const paint = verdict === "passed" ? pc.green : verdict === "failed" ? pc.red : pc.yellow;
  return [
    ...checks.flatMap(drawCheck),
    `back after  leader ${seconds(rto.leader)}, writes ${seconds(rto.api)}, replicas ${seconds(rto.replicas)}, requests ${seconds(rto.request)}`,
    `writes      ${rpo.acknowledged} acknowledged, ${rpo.lost} lost, ${rpo.indeterminate} of unknown outcome`,
    `            longest gap ${rpo.maxGap.toFixed(1)} s`,
    ...(reportFolder ? [`report      ${join(reportFolder, "report.md")}`] : []),
    paint(`drill ${drill}: ${verdict}: ${reason}`),
  ].join("\n");
}
