import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { savedImages } from "./saved-images.ts";
import { shellOn } from "./shell.ts";
import type { NodeHandle } from "./types.ts";

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
 * Copies images from the engine they were built on to the engine of a node, over the node's own shell, so that it
 * works wherever a node can run a command. Returns what the script `then`, run after it on the node, says.
 */
export async function sendImages(
  engine: string,
  images: readonly string[],
  node: NodeHandle,
  then = "",
): Promise<string> {
  const file = await savedImages(engine, images);
  const script = `docker image load --quiet >/dev/null\n${then}`;
  const { command, args } = shellOn(node.connection, script);
  const load = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  const said = text(load.stdout);
  await Promise.all([
    finished(`${node.name}: docker image load`, load),
    pipeline(createReadStream(file), load.stdin),
  ]);
  return said;
}
