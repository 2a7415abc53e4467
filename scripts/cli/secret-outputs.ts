import { UserError } from "../../components/errors.ts";
import type { RegistryAccount } from "../drills/apart.ts";
import { capture } from "./run.ts";

/** The stack's outputs with the secret ones in clear: for use, never to be shown or kept. */
async function clearOutputs(stack: string): Promise<Readonly<Record<string, unknown>>> {
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", stack];
  const { code, stdout, stderr } = await capture("pulumi", args);
  if (code !== 0)
    throw new UserError(`reading the secret outputs of stack ${stack}: ${stderr.trim()}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The unlock key of the last `up` that made one, or empty. */
export async function recordedUnlockKey(stack: string): Promise<string> {
  const { keys } = (await clearOutputs(stack)) as { keys?: { unlockKey?: string } };
  return keys?.unlockKey ?? "";
}

/** The login of the lab's registry; undefined where the lab has none. */
export async function registryAccount(stack: string): Promise<RegistryAccount | undefined> {
  const { registryLogin } = (await clearOutputs(stack)) as { registryLogin?: RegistryAccount };
  return registryLogin;
}
