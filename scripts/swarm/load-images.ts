/**
 * Brings images to a node's engine without a registry: the registry's own image and the edge's, which must run before
 * or without it. Prints each image's id on the node: a service that names an image by id never asks a registry.
 */

import { execOn, runOn } from "../../components/nodes/exec.ts";
import { sendImage } from "../../components/nodes/transfer.ts";
import type { LoadInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";

await runStep(async () => {
  const { node, engine, images } = input<LoadInput>("LAB_LOAD");
  await runOn(node, "waiting for the engine", "wait-engine 60", { timeout: 70_000 });
  const ids: Record<string, string> = {};
  for (const image of images) {
    const id = `docker image inspect --format '{{.Id}}' '${image}'`;
    const there = await execOn(node, id);
    if (there.code !== 0) await sendImage(engine, image, node);
    ids[image] = (
      there.code === 0 ? there.stdout : await runOn(node, `finding ${image}`, id)
    ).trim();
  }
  return { node: node.name, ids };
});
