import { homedir } from "node:os";
import { join } from "node:path";

/** The lab's folder in the user's cache, shared by all checkouts: Node, Pulumi, saved images. All of it can be made again. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "swarm-lab");
}
