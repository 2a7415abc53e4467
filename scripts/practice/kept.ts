import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { UserError } from "../../components/errors.ts";

/** What a file keeps; undefined when there is none. Throws a UserError when it holds something else. */
export async function readKept<T>(file: string, shape: z.ZodType<T>): Promise<T | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    return shape.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    throw new UserError(
      `${file}: got something that the lab did not write, need its own JSON or no file; remove it`,
    );
  }
}

/** Whole or not at all. */
export async function writeKept(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export const removeKept = (file: string): Promise<void> => rm(file, { force: true });
