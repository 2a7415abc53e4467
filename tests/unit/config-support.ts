import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadedConfig, loadConfig } from "../../stacks/config/load.ts";

/** Settings by key, without the namespace. */
export type Given = Readonly<Record<string, unknown>>;

/** What was given, and the one line that says what is wrong with it. */
export type BadCase = readonly [title: string, given: Given, message: string];

/** As Pulumi hands settings over: texts as they are, everything else as JSON. */
export function asPulumi(given: Given): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      return [`swarm-lab:${key}`, typeof value === "string" ? value : JSON.stringify(value)];
    }),
  );
}

export interface LoadOptions {
  readonly stack?: string;
  readonly root?: string;
  readonly secretKeys?: readonly string[];
}

export function load(given: Given, options: LoadOptions = {}): LoadedConfig {
  return loadConfig({
    project: "swarm-lab",
    stack: "dev",
    root: "/nonexistent",
    all: asPulumi(given),
    ...options,
  });
}

/** The message that the settings are refused with. */
export function refusal(given: Given, options: LoadOptions = {}): string {
  try {
    load(given, options);
  } catch (error) {
    if (error instanceof Error && error.name === "UserError") return error.message;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(given)}`);
}

/** The whole message that has these lines. */
export function wholeMessage(...lines: readonly string[]): string {
  const head = "the configuration has mistakes; nothing was changed";
  return [head, ...lines.map((line) => `  - ${line}`)].join("\n");
}

/** A folder with these files, and how to remove it. */
export function folderWith(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "swarm-lab-config-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
