import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { cacheFolder } from "../../components/cache.ts";
import { UserError } from "../../components/errors.ts";

const AN_HOUR = 3_600_000;
const memory = () => join(cacheFolder(), "download-failed.json");

/** Why the official downloads failed within the last hour, or undefined. They are not tried again meanwhile. */
export async function recentFailure(now = Date.now()): Promise<string | undefined> {
  try {
    const { at, reason } = JSON.parse(await readFile(memory(), "utf8")) as {
      at: number;
      reason: string;
    };
    return now - at < AN_HOUR ? reason : undefined;
  } catch {
    // No such file, or one that was cut off: nothing is known.
    return undefined;
  }
}

export async function rememberFailure(reason: string): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(memory(), JSON.stringify({ at: Date.now(), reason }));
}

/** What went wrong with a request, in one line with its cause (fetch itself says only "fetch failed"). */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return error.message + cause;
}

async function request(url: string, seconds: number): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}

/** Reads a small text; throws a UserError that names the address and the cause. */
export async function fetchText(url: string, seconds: number): Promise<string> {
  try {
    return await (await request(url, seconds)).text();
  } catch (error) {
    throw new UserError(`download of ${url}: ${reasonOf(error)}`);
  }
}

/**
 * Downloads a file and compares its SHA-256 with the expected one; a file that differs is removed and refused.
 * Throws a UserError that names the address and the cause.
 */
export async function fetchFile(
  url: string,
  file: string,
  sha256: string,
  seconds: number,
): Promise<void> {
  const hash = createHash("sha256");
  try {
    const { body } = await request(url, seconds);
    if (body === null) throw new Error("an empty answer");
    const source = Readable.fromWeb(body);
    source.on("data", (chunk: Buffer) => hash.update(chunk));
    await pipeline(source, createWriteStream(file));
  } catch (error) {
    await rm(file, { force: true });
    throw new UserError(`download of ${url}: ${reasonOf(error)}`);
  }
  const got = hash.digest("hex");
  if (got === sha256) return;
  await rm(file, { force: true });
  throw new UserError(`download of ${url}: got SHA-256 ${got}, need ${sha256}: not used`);
}

/** The checksum of one file in the text of a checksums file (`<hex>  <name>` a line). */
export function checksumOf(text: string, name: string): string {
  const line = text.split("\n").find((candidate) => candidate.trim().endsWith(`  ${name}`));
  const sum = line?.trim().split(/\s+/)[0];
  if (sum === undefined || !/^[0-9a-f]{64}$/.test(sum))
    throw new UserError(`checksums: got none for ${name}, need a SHA-256`);
  return sum;
}
