import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding, Path } from "./finding.ts";

/** What may be as large as one byte less than `bytes`. */
export interface Limit {
  readonly what: string;
  readonly bytes: number;
}

export type Source = { readonly value?: string; readonly file?: string };
export type Loaded = { readonly bytes: Buffer } | { readonly finding: Finding };

/** The content of the setting at `path`, given as a value or as a file relative to `root`. */
export function load(path: Path, source: Source, limit: Limit, root: string): Loaded {
  const range = `1 to ${limit.bytes - 1} bytes`;
  const size = `${limit.bytes} bytes (${limit.bytes / 1024} KiB)`;
  const rule = `empty ${limit.what} and those of ${size} or more are refused`;
  if (source.file === undefined) {
    const bytes = Buffer.from(source.value ?? "");
    const got = sizeProblem(bytes.length, limit);
    return got
      ? { finding: { path: [...path, "value"], got, need: `${range}: ${rule}` } }
      : { bytes };
  }
  const read = readFile(resolve(root, source.file), limit);
  if (typeof read !== "string") return { bytes: read };
  const got = `${JSON.stringify(source.file)}, ${read}`;
  return {
    finding: { path: [...path, "file"], got, need: `a readable file of ${range}: ${rule}` },
  };
}

/** The file's bytes, or what is wrong with it. A file over the limit is not read. */
function readFile(path: string, limit: Limit): Buffer | string {
  try {
    return sizeProblem(statSync(path).size, limit) ?? readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (code === "ENOENT" || code === "ENOTDIR") return "which does not exist";
    if (code === "EISDIR") return "which is a folder";
    return `which cannot be read (${code})`;
  }
}

function sizeProblem(bytes: number, limit: Limit): string | undefined {
  return bytes > 0 && bytes < limit.bytes ? undefined : `${bytes} bytes`;
}
