import { execOn } from "../../components/nodes/exec.ts";
import { sendImages } from "../../components/nodes/transfer.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { type SpareImage, spareImage } from "../../components/swarm/spare-images.ts";
import { ensureImage } from "../images.ts";

/**
 * Gives nodes an image of the lab under the name that it has for all who use it, and returns that name. It is built on the
 * lab's `engine`; `say` is told of one that was not built yet. A node that has it costs a look.
 */
export async function bringSpareImage(
  name: SpareImage,
  nodes: readonly NodeHandle[],
  { engine, say }: { readonly engine: string; say(line: string): void },
): Promise<string> {
  const known = spareImage(name);
  const there = `docker image inspect ${known} >/dev/null 2>&1`;
  const codes = await Promise.all(nodes.map(async (node) => (await execOn(node, there)).code));
  const lacking = nodes.filter((_, at) => codes[at] !== 0);
  if (lacking.length === 0) return known;
  const tag = await ensureImage(name, { engine, report: say });
  const send = (node: NodeHandle) =>
    sendImages(engine, [tag], node, `docker image tag ${tag} ${known}`);
  await Promise.all(lacking.map(send));
  return known;
}
