import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UserError } from "../../components/errors.ts";
import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import { stackConfigFile } from "./paths.ts";
import { type Report, timed } from "./report.ts";
import { capture, said } from "./run.ts";
import type { StackState } from "./state.ts";

const PROGRAM = fileURLToPath(new URL("../hosts/release.ts", import.meta.url));

/** A host as it is on record: what its steps were told. */
export interface RecordedHost {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The hosts that a state says were begun to be made ready, each once. */
export function recordedHosts(state: StackState | undefined): RecordedHost[] {
  const hosts = (state?.resources ?? []).flatMap(({ inputs }) => {
    const told = inputs?.environment as Readonly<Record<string, string>> | undefined;
    if (told?.LAB_HOST === undefined || inputs?.delete === undefined) return [];
    const { LAB_HOST, LAB_PEERS = "[]" } = told;
    const { node } = JSON.parse(LAB_HOST) as HostInput;
    return [{ name: node.name, environment: { LAB_HOST, LAB_PEERS } }];
  });
  return [...new Map(hosts.map((host) => [host.name, host])).values()];
}

/** Whether a stack's configuration asks for hosts. */
export function hostsConfigured(stack: string): boolean {
  const file = stackConfigFile(stack);
  return existsSync(file) && /provider:\s*["']?hosts/.test(readFileSync(file, "utf8"));
}

/** Gives hosts back without Pulumi. Throws a UserError that names those that could not be. */
export async function releaseHosts(hosts: readonly RecordedHost[], say: Report): Promise<void> {
  const left: string[] = [];
  await Promise.all(
    hosts.map(async ({ name, environment }) => {
      const release = () =>
        capture(process.execPath, [...process.execArgv, PROGRAM], {
          env: environment,
          timeout: 10 * 60_000,
        });
      const result = await timed(`giving ${name} back`, release, say);
      if (result.code !== 0) left.push(`${name}: ${said(result, 1)}`);
    }),
  );
  if (left.length === 0) return;
  throw new UserError(
    `down: hosts that were not given back: ${left.join("; ")}; remove the cause and run \`npm run down\` again`,
  );
}
