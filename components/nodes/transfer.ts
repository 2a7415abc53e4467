import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { shellOn } from "./exec.ts";
import type { NodeHandle } from "./types.ts";

/** Ends like a shell's `set -o pipefail`: the first process that failed speaks. */
function finished(name: string, child: ReturnType<typeof spawn>): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${name} ended with code ${code}: ${said.trim()}`)),
    );
  });
}

/**
 * Copies an image from the engine it was built on to the engine of a node, over the node's own shell, so that it
 * works wherever a node can run a command. An image that is there already is not sent again.
 */
export async function sendImage(engine: string, image: string, node: NodeHandle): Promise<void> {
  const save = spawn("docker", ["--host", engine, "image", "save", image], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [command = "", ...args] = [...shellOn(node.connection), "docker image load --quiet"];
  const load = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"] });
  await Promise.all([
    finished(`docker image save ${image}`, save),
    finished(`${node.name}: docker image load`, load),
    pipeline(save.stdout, load.stdin),
  ]);
}
