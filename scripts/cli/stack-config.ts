import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownPassphrase } from "./environment.ts";
import { stackConfigFile, stackFolder } from "./paths.ts";

/**
 * A stack's configuration without the salt that Pulumi adds to it. The salt belongs to one passphrase, and each
 * checkout has its own; the state keeps it as well. Encrypted values need the salt they were made with, so a file
 * that has any stays as it is.
 */
export function withoutSalt(text: string): string {
  const encrypted = /\bsecure:/.test(text);
  return encrypted ? text : text.replace(/^encryptionsalt:.*\n?/gm, "");
}

/**
 * Arguments that let Pulumi read the stack's configuration from a copy. Pulumi writes its salt into the file it
 * reads, which would leave everybody's Pulumi.dev.yaml changed. With a passphrase of the user's own nothing is
 * copied.
 */
export async function configArguments(stack: string): Promise<string[]> {
  if (!ownPassphrase()) return [];
  const source = stackConfigFile(stack);
  const text = await readFile(source, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const folder = stackFolder(stack);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, "config.yaml");
  await writeFile(copy, withoutSalt(text));
  return ["--config-file", copy];
}
