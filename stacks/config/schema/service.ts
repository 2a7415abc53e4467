import { z } from "zod";
import { imageReference } from "./image.ts";
import { environment, labelMap } from "./labels.ts";
import { choice, matching, name, named, section, text, unique, whole } from "./leaves.ts";
import { duration } from "./quantities.ts";
import {
  configUses,
  healthcheck,
  mount,
  publishedPort,
  resources,
  secretUses,
} from "./service-parts.ts";
import { restart, rollback, update } from "./service-policy.ts";

/** Keys as swarm reads them, without blanks round them; the operator is == or !=. */
export const CONSTRAINT =
  /^\s*(node\.(?:id|hostname|ip|role|platform\.os|platform\.arch)|(?:node|engine)\.labels\.[A-Za-z0-9._-]+)\s*(==|!=)\s*([A-Za-z0-9:_.*()?+[\]\\^$|/ -]+?)\s*$/;

const constraint = matching(
  CONSTRAINT,
  'a constraint such as "node.role == worker" or "node.labels.zone != a"',
  "constraint",
);

const spread = matching(
  /^(node|engine)\.labels\.[A-Za-z0-9._-]+$/,
  'a label to spread over, such as "node.labels.zone"',
  "label",
);

const words = (what: string) => z.array(z.string("a text"), `a list of texts: ${what}`).optional();

const service = section({
  image: imageReference().describe('"app", the image the lab builds, or an image reference'),
  mode: choice(["replicated", "global"])
    .default("replicated")
    .describe("replicated: so many tasks; global: one on each node"),
  replicas: whole(0, 1000).optional().describe("Tasks of a replicated service; left out: 1"),
  command: words("program and words").describe("Replaces the image's entry point"),
  args: words("the arguments").describe("Replaces the image's command"),
  env: environment()
    .default({})
    .describe(
      "Environment; swarm fills in {{.Node.Hostname}}, {{.Service.Name}}, {{.Task.Slot}} and others",
    ),
  ports: z
    .array(publishedPort, "a list of mappings with target, published and protocol")
    .default([])
    .describe("Ports to reach from this machine"),
  networks: unique(text("an overlay's name"), "a list of overlay names")
    .min(1, "at least one overlay name; leave it out for the first one")
    .optional()
    .describe("Overlays it is attached to; left out: the first by name"),
  constraints: z
    .array(constraint, "a list of constraints")
    .default([])
    .describe("What a node must be for tasks to run on it"),
  spread: unique(spread, "a list of labels")
    .default([])
    .describe("Labels whose values share the tasks evenly"),
  maxReplicasPerNode: whole(1, 1000)
    .optional()
    .describe("Tasks per node at most; left out: no limit"),
  resources,
  healthcheck,
  update,
  rollback,
  restart,
  stopGracePeriod: duration().prefault("10s").describe("Time to stop before a task is killed"),
  secrets: secretUses,
  configs: configUses,
  labels: labelMap().default({}).describe("Labels of the service"),
  mounts: z
    .array(mount, "a list of mappings with volume, target and readOnly")
    .default([])
    .describe("Named volumes"),
}).check((given) => {
  const { mode, replicas } = given.value;
  if (mode === "replicated" || replicas === undefined) return;
  const message = "no count with mode global, which runs one task on each node; remove it";
  given.issues.push({ code: "custom", message, input: replicas, path: ["replicas"] });
});

export const services = named(name(), service, "service names to their settings")
  .prefault({})
  .describe("Services by name");
