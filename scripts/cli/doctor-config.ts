import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { type Problem, UserError } from "../../components/errors.ts";
import { loadConfig } from "../../stacks/config/load.ts";
import type { LabConfig } from "../../stacks/config/resolved.ts";
import { labName, PROJECT, ROOT, stackConfigFile } from "./paths.ts";

/** The settings of a stack as Pulumi would hand them to the program; an encrypted value is only known to be one. */
export function configText(yaml: string): Record<string, string> {
  const file = parse(yaml) as { config?: Record<string, unknown> } | null;
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    if ("secure" in value) return "encrypted";
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  return Object.fromEntries(
    Object.entries(file?.config ?? {}).map(([key, value]) => {
      const bare = plain(value);
      return [key, typeof bare === "string" ? bare : JSON.stringify(bare)];
    }),
  );
}

/** The configuration of a stack, or what is wrong with it as one problem. */
export async function readConfig(stack: string): Promise<LabConfig | Problem> {
  const file = stackConfigFile(stack);
  const all = existsSync(file) ? configText(await readFile(file, "utf8")) : {};
  try {
    return loadConfig({ project: PROJECT, stack: labName(stack), all, root: ROOT }).config;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const where = `configuration of ${stack}`;
    return { where, got: error.message, need: "settings without mistakes" };
  }
}
