import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DrillInput } from "../../components/drills/run-input.ts";
import type { Verdict } from "../../components/drills/verdict.ts";
import { UserError } from "../../components/errors.ts";

const PROGRAM = fileURLToPath(new URL("run.ts", import.meta.url));

/** The login of the lab's registry, as the drills that pull and push are given it. */
export interface RegistryAccount {
  readonly username: string;
  readonly password: string;
}

/** The environment by which a drill's program learns the registry's login: no argument list shows it. */
export const accountVariables = (account: RegistryAccount | undefined): Record<string, string> =>
  account
    ? { LAB_REGISTRY_USERNAME: account.username, LAB_REGISTRY_PASSWORD: account.password }
    : {};

/**
 * Runs one drill by its own program, with its own evidence, as the command resource of `pulumi up` does. For many drills
 * in a row, where an `up` for each costs more than some drills do. Throws when it ended without a verdict.
 */
export function runApart(told: DrillInput, account?: RegistryAccount): Promise<Verdict> {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM], {
    env: { ...process.env, ...accountVariables(account), LAB_DRILL: JSON.stringify(told) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const line = printed.trim().split("\n").at(-1) ?? "";
      if (line.startsWith("{")) resolve(JSON.parse(line) as Verdict);
      else reject(new UserError(`drill ${told.name} ended with code ${code} and no verdict`));
    });
  });
}
