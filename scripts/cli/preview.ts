import { spawn } from "node:child_process";
import { setUp } from "../setup/setup.ts";
import { passSignals } from "./run.ts";
import { configArguments } from "./stack-config.ts";

/** Shows what `up` would change, in Pulumi's own words, and returns Pulumi's exit code. */
export async function preview(stack: string, extra: readonly string[]): Promise<number> {
  await setUp(stack);
  const args = [
    "preview",
    "--stack",
    stack,
    "--non-interactive",
    ...(await configArguments(stack)),
  ];
  const child = spawn("pulumi", [...args, ...extra], {
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  return (await passSignals(child)).code;
}
