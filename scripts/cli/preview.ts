import { spawn } from "node:child_process";
import { setUp } from "../setup/setup.ts";
import { POLICIES } from "./paths.ts";
import { passSignals } from "./run.ts";
import { configArguments } from "./stack-config.ts";

export interface PreviewOptions {
  readonly stack: string;
  /** Whether the policy pack judges what is previewed. */
  readonly policy: boolean;
  /** Handed on to Pulumi. */
  readonly extra: readonly string[];
}

/** What `pulumi` is told; `config` names the configuration. */
export const previewArguments = (
  { stack, policy, extra }: PreviewOptions,
  config: readonly string[],
): string[] => [
  ...["preview", "--stack", stack, "--non-interactive", ...config],
  ...(policy ? ["--policy-pack", POLICIES] : []),
  ...extra,
];

/**
 * Shows what `up` would change, in Pulumi's own words, and what the policy pack has against it. Returns Pulumi's exit code,
 * which is not 0 where a mandatory policy is violated.
 */
export async function preview(options: PreviewOptions): Promise<number> {
  await setUp(options.stack);
  const args = previewArguments(options, await configArguments(options.stack));
  const child = spawn("pulumi", args, { stdio: ["ignore", "inherit", "inherit"], detached: true });
  return (await passSignals(child)).code;
}
