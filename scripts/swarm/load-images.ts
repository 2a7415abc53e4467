/**
 * Brings images to a node's engine without a registry: the registry's own image and the edge's, which must run before
 * or without it. Prints each image's id on the node: a service that names an image by id never asks a registry.
 */

import { runOn } from "../../components/nodes/exec.ts";
import { sendImages } from "../../components/nodes/transfer.ts";
import type { LoadInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";

await runStep(async () => {
  const { node, engine, images } = input<LoadInput>("LAB_LOAD");
  // One line for each image, in order: its id, or nothing when the node does not have it.
  const ids = images
    .map((image) => `docker image inspect --format '{{.Id}}' '${image}' 2>/dev/null || echo`)
    .join("\n");
  const waited = await runOn(node, "waiting for the engine", `wait-engine 60\n${ids}`, {
    timeout: 70_000,
  });
  const there = waited.split("\n");
  const missing = images.filter((_, index) => !there[index]);
  const found =
    missing.length === 0 ? there : (await sendImages(engine, missing, node, ids)).split("\n");
  const known = Object.fromEntries(images.map((image, index) => [image, found[index] ?? ""]));
  const lost = images.filter((image) => !known[image]);
  if (lost.length > 0) throw new Error(`${node.name} does not have ${lost} after it was loaded`);
  return { node: node.name, ids: known };
});
