import pc from "picocolors";
import { setUp } from "../setup/setup.ts";
import { drawStatus } from "./draw.ts";
import { heal } from "./heal.ts";
import { operate } from "./pulumi.ts";
import { removeLab } from "./remove.ts";
import { report, secondsSince, since } from "./report.ts";
import { settle } from "./settle.ts";
import { look, type Seen } from "./status.ts";

export interface UpOptions {
  readonly stack: string;
  readonly json: boolean;
  /** Whether a manager may go although those that stay have no quorum without it. */
  readonly loseQuorum: boolean;
}

/** Three things a newcomer can do with a lab that just came up. */
export function thingsToTry(
  { findings, status }: Pick<Seen, "findings" | "status">,
  stack: string,
): string[] {
  const option = stack === "dev" ? "" : ` --stack ${stack}`;
  const [app] = Object.entries(findings.description?.gateway.apps ?? {});
  const url = app?.[1][0];
  const manager = status.swarm.leader ?? "manager-1";
  return [
    ...(url
      ? [`curl ${url}${" ".repeat(4)}several times: another replica, node and zone answers`]
      : []),
    `npm run shell --${option} ${manager} docker service ls${" ".repeat(4)}what the leader says`,
    `npm run status${option && ` --${option}`}${" ".repeat(4)}zones, nodes, quorum as they are now`,
    `npm run down${option && ` --${option}`}${" ".repeat(4)}and nothing is left`,
  ].slice(0, 3);
}

function summary(seen: Seen, stack: string): string {
  const { findings, status, assessment } = seen;
  const [url] = Object.values(findings.description?.gateway.apps ?? {}).flat();
  return [
    "",
    drawStatus(status, assessment, findings.description),
    ...(url ? ["", `open ${pc.bold(pc.cyan(url))}`] : []),
    "",
    "try",
    ...thingsToTry(seen, stack).map((line) => `  ${line}`),
  ].join("\n");
}

/** Seconds a lab gets, once Pulumi is done, for tasks that are still coming back. */
const SETTLE = 30;

/**
 * Heals what there is. Where the swarm itself is gone the lab begins anew, with the next `pulumi up`. Returns whether there
 * still is a lab.
 */
export async function healOrBegin(stack: string, engine: string): Promise<boolean> {
  if ((await heal(stack, engine, report)) === "well") return true;
  report("heal: no manager has the swarm any more: the lab begins anew");
  await removeLab(stack, { engine, pulumi: true, say: report });
  await setUp(stack);
  return false;
}

/**
 * Stands the lab up: brings what is missing, heals what an earlier run or a drill left, lets Pulumi do the rest and
 * says what there is. Returns the exit code: 0, Pulumi's, or 1 when there is no swarm that works in the end.
 */
export async function up({ stack, json, loseQuorum }: UpOptions): Promise<number> {
  const start = performance.now();
  // Read by the step that takes a node out of the swarm, which Pulumi starts with this environment.
  if (loseQuorum) process.env.LAB_LOSE_QUORUM = "yes";
  const { engine } = await setUp(stack);
  const setUpSeconds = secondsSince(start);
  const healStart = performance.now();
  await healOrBegin(stack, engine);
  const healSeconds = secondsSince(healStart);
  const outcome = await operate("up", stack);
  const seen = outcome.code === 0 ? await settle(stack, engine, SETTLE) : undefined;
  const works = seen !== undefined && /^(whole|degraded)$/.test(seen.assessment.state);
  if (json) {
    const total = secondsSince(start);
    const seconds = { total, setUp: setUpSeconds, heal: healSeconds, pulumi: outcome.seconds };
    const { changes, errors } = outcome;
    const { status } = seen ?? (await look(stack, engine));
    console.log(JSON.stringify({ succeeded: works, seconds, changes, errors, status }));
  } else if (seen !== undefined) {
    report(summary(seen, stack));
  }
  if (works) {
    report(pc.green(`up in ${since(start)}`));
    return 0;
  }
  const what = outcome.interrupted ? "was interrupted" : "failed";
  report(pc.red(`up ${what} after ${since(start)}; everything Pulumi said is in ${outcome.log}`));
  report(
    "`npm run up` goes on from here, `npm run status` shows what there is, `npm run down` removes it",
  );
  return outcome.code || 1;
}
