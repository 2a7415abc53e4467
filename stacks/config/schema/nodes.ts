import { z } from "zod";
import { engineFlagNeed } from "./engine-flags.ts";
import { imageReference } from "./image.ts";
import { labelMap } from "./labels.ts";
import { name, named, section } from "./leaves.ts";
import { cpus, size } from "./quantities.ts";

const flagNeed = 'an engine flag in one word, "--flag" or "--flag=value"';

/** One `dockerd` flag that the lab does not own. */
const engineFlag = z.string(flagNeed).check((given) => {
  const message = engineFlagNeed(given.value, flagNeed);
  if (message) given.issues.push({ code: "custom", message, input: given.value });
});

export const nodes = section({
  image: imageReference()
    .optional()
    .describe("Image of the nodes; left out: the lab builds its own from Debian's engine"),
  memory: size("256MiB").optional().describe("Memory limit of each node; left out: none"),
  cpus: cpus().optional().describe("Processor limit of each node; left out: none"),
  engineFlags: z
    .array(engineFlag, "a list of engine flags")
    .default([])
    .describe("Further dockerd flags for every node; those the lab owns are refused"),
  labels: named(name(), labelMap("node"), "node names to their labels")
    .default({})
    .describe("Swarm node labels by node name (m1, w1, ...), besides zone"),
}).prefault({});
