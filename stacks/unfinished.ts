import { UserError } from "../components/errors.ts";
import type { LabConfig } from "./config/resolved.ts";

/** Providers that are being built: how far they are, and what to try them with. */
const UNFINISHED: Readonly<Record<string, readonly [state: string, trial: string]>> = {
  hosts: ["has not been proved on real machines", "on machines that you can lose"],
  aws: ["has not been proved on AWS", "with an account whose bill you read"],
};

/** Refuses a provider that is being built, unless the environment says that its state is known. */
export function refuseUnfinished(provider: LabConfig["provider"], env = process.env): void {
  const found = UNFINISHED[provider];
  if (found === undefined || env.SWARM_LAB_UNFINISHED === provider) return;
  const [state, trial] = found;
  throw new UserError(
    `swarm-lab:provider: got ${provider}, need local: provider ${provider} is being built and ${state}; set SWARM_LAB_UNFINISHED=${provider} to try it ${trial}`,
  );
}
