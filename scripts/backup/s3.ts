import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { type Answer, askAws, askFailure, tryAws } from "../../components/nodes/aws/ask.ts";
import { capture } from "../cli/run.ts";

const purpose = "the bucket of the backups";

/** Milliseconds that one object may take on its way: 5 GiB over 4 Mbit/s. */
const SLOW = 3 * 3_600_000;

const QUIET = "--only-show-errors";

/** An object of a bucket. */
export interface StoredObject {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

const Listing = z.object({
  Contents: z
    .array(z.object({ Key: z.string(), LastModified: z.iso.datetime({ offset: true }) }))
    .nullish(),
});

/** Every object whose key begins with `prefix`. The AWS CLI asks for page after page. */
export async function listObjects(bucket: string, prefix: string): Promise<StoredObject[]> {
  const words = ["s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix];
  const { Contents } = Listing.parse(await askAws(words, { purpose }));
  return (Contents ?? []).map(({ Key, LastModified }) => ({
    key: Key,
    modified: Date.parse(LastModified),
  }));
}

/** Whether there is an object of this key. */
export async function hasObject(bucket: string, key: string): Promise<boolean> {
  const words = ["s3api", "head-object", "--bucket", bucket, "--key", key];
  const result: Answer = await tryAws(words, { purpose });
  if ("answer" in result) return true;
  if (result.refusal?.code === "404") return false;
  throw result.error;
}

async function must(words: readonly string[]): Promise<void> {
  const result = await capture("aws", [...words, QUIET], { timeout: SLOW });
  if (result.code !== 0) throw askFailure(purpose, words, result);
}

/** Puts a file into a bucket. The CLI has S3 check what arrives against a checksum of its own. */
export const putFile = (path: string, url: string): Promise<void> => must(["s3", "cp", path, url]);

/** Removes an object, or with a slash at the end of the URL everything under it. */
export const removeAt = (url: string): Promise<void> =>
  must(["s3", "rm", url, ...(url.endsWith("/") ? ["--recursive"] : [])]);

/** The content of an object, as it comes. What ends before its time is an error of the stream. */
export function readObject(url: string): Readable {
  const words = ["s3", "cp", url, "-"];
  async function* content() {
    const child = spawn("aws", [...words, QUIET], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    const said = text(child.stderr);
    try {
      yield* child.stdout;
      const code = await ended;
      if (code !== 0) throw askFailure(purpose, words, { code, stdout: "", stderr: await said });
    } finally {
      child.kill();
    }
  }
  return Readable.from(content(), { objectMode: false });
}
