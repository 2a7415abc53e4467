import { findPulumi } from "../setup/pulumi-place.ts";
import { setUp } from "../setup/setup.ts";
import { pathFolders, pulumiEnvironment, shellLines } from "./environment.ts";

export interface EnvOptions {
  readonly stack: string;
  readonly json: boolean;
}

/** Prints what a shell must export so that plain `pulumi up` works on the same lab as `npm run up`. */
export async function env({ stack, json }: EnvOptions): Promise<void> {
  const { engine } = await setUp(stack);
  const pulumi = (await findPulumi())?.bin;
  const environment = pulumiEnvironment({ stack, engine, pulumi });
  const folders = pathFolders({ pulumi });
  if (json)
    console.log(JSON.stringify({ path: folders, environment }, (_, value) => value ?? null, 2));
  else console.log(shellLines(environment, folders).join("\n"));
}
