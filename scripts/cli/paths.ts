import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Name of the Pulumi project, as Pulumi.yaml has it. */
export const PROJECT = "swarm-lab";

/** The folder of the checkout, without a slash at its end. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What the lab keeps beside its sources: the file backend, its passphrase, logs, files of each lab. */
export const LAB_FOLDER = join(ROOT, ".lab");

/** The policy pack that judges previews. */
export const POLICIES = join(ROOT, "policies");

export const BACKEND_FOLDER = join(LAB_FOLDER, "backend");
export const PASSPHRASE_FILE = join(LAB_FOLDER, "passphrase");

type Variables = Readonly<Record<string, string | undefined>>;

/** Where Pulumi keeps its plugins and settings. */
export function pulumiHome(env: Variables = process.env): string {
  return env.PULUMI_HOME || join(env.HOME || homedir(), ".pulumi");
}

/** Files of one lab (one Pulumi stack): logs of its last runs and what its drills keep. */
export function stackFolder(stack: string): string {
  return join(LAB_FOLDER, labName(stack));
}

/** The name under which everything of a stack is labelled: the last part of `organization/project/stack`. */
export function labName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** The state file of a stack in the lab's own file backend. */
export function stateFile(stack: string): string {
  return join(BACKEND_FOLDER, ".pulumi", "stacks", PROJECT, `${labName(stack)}.json`);
}

/** The folder of the file backend in use, the lab's own or one that PULUMI_BACKEND_URL names; undefined for a service. */
export function backendFolder(env: Variables = process.env): string | undefined {
  const url = env.PULUMI_BACKEND_URL;
  if (!url) return BACKEND_FOLDER;
  if (!url.startsWith("file://")) return undefined;
  return url
    .slice("file://".length)
    .replace(/\?.*$/, "")
    .replace(/^~(?=\/|$)/, env.HOME || homedir());
}

/** Where the file backend in use keeps the locks of a stack. */
export function lockFolder(stack: string): string | undefined {
  const folder = backendFolder();
  return folder && join(folder, ".pulumi", "locks", "organization", PROJECT, labName(stack));
}

/** The configuration of a stack, as Pulumi finds it. */
export function stackConfigFile(stack: string): string {
  return join(ROOT, `Pulumi.${labName(stack)}.yaml`);
}
