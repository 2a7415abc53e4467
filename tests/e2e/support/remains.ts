import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { LABEL_LAB } from "../../../components/labels.ts";

/** Folders in which a lab keeps what is its own, each under the lab's name. */
const KEPT = ["reports", "backups", "backup-keys"];

async function listed(args: readonly string[]): Promise<string[]> {
  const { stdout, stderr, exitCode } = await x("docker", [...args]);
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.split("\n").filter(Boolean);
}

/** What on the engine carries a lab's label, as `container NAME`, `volume NAME`, `network NAME`. Throws when the engine does not answer. */
export async function labelled(stack: string): Promise<string[]> {
  const filter = ["--filter", `label=${LABEL_LAB}=${stack}`, "--format"];
  const found = await Promise.all([
    listed(["container", "ls", "--all", ...filter, "container {{.Names}}"]),
    listed(["volume", "ls", ...filter, "volume {{.Name}}"]),
    listed(["network", "ls", ...filter, "network {{.Name}}"]),
  ]);
  return found.flat();
}

/** The folder of a lab's state in a checkout; undefined where there is none. */
export const stateFolder = (root: string, stack: string): string | undefined =>
  [join(root, ".lab", stack)].find((folder) => existsSync(folder));

/** Removes from the engine what carries a lab's label, containers first: they hold the rest. Throws when something is left. */
export async function removeLabelled(stack: string): Promise<void> {
  for (const found of await labelled(stack)) {
    const [kind = "", name = ""] = found.split(" ");
    await x("docker", [kind, "rm", "--force", name]);
  }
  const left = await labelled(stack);
  if (left.length > 0) throw new Error(`of lab ${stack} is left: ${left.join(", ")}`);
}

/** Removes from a checkout the settings of a lab, and what was kept of it. */
export function removeKept(root: string, stack: string): void {
  rmSync(join(root, `Pulumi.${stack}.yaml`), { force: true });
  for (const kept of KEPT) rmSync(join(root, kept, stack), { recursive: true, force: true });
}
