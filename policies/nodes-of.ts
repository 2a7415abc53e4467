import { LABEL_NODE, LABEL_ROLE, LABEL_SPARE, LABEL_ZONE } from "../components/labels.ts";
import type { NodeRole } from "../components/nodes/types.ts";
import type { PolicyResource } from "./policy.ts";
import { at, elements, isMapping } from "./reading.ts";

/** A node of the swarm, as far as resources tell. */
export interface SeenNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly zone: string;
}

/** The labels or tags of a resource as a mapping; what is unknown or no text is left out. */
export function labelsOf({ inputs }: PolicyResource): Readonly<Record<string, string>> {
  const tags = at(inputs, "tags");
  const listed = elements(inputs.labels).map((each) => [at(each, "label"), at(each, "value")]);
  const pairs = isMapping(tags)
    ? Object.keys(tags).map((key) => [key, at(tags, key)] as const)
    : listed;
  return Object.fromEntries(pairs.filter((pair) => pair.every((text) => typeof text === "string")));
}

/** What is a machine by its type: a container that is a node, an instance. */
const MACHINES = ["docker:index/container:Container", "aws:ec2/instance:Instance"];

function labelled(resource: PolicyResource): unknown {
  const labels = labelsOf(resource);
  if (!MACHINES.includes(resource.type) || LABEL_SPARE in labels) return undefined;
  return { name: labels[LABEL_NODE], role: labels[LABEL_ROLE], zone: labels[LABEL_ZONE] };
}

/** A machine that the user has is no resource: the step that makes it a member says what it is. */
function joined({ inputs }: PolicyResource): unknown {
  const text = at(inputs, "environment", "LAB_MEMBER");
  return typeof text === "string" ? at(JSON.parse(text), "node") : undefined;
}

const isNode = (value: unknown): value is SeenNode =>
  ["manager", "worker"].includes(String(at(value, "role"))) &&
  ["name", "zone"].every((key) => typeof at(value, key) === "string");

/** The nodes that the resources make up, each once and by name, whichever provider makes them: the engine has no order. */
export function nodesOf(resources: readonly PolicyResource[]): SeenNode[] {
  const seen = resources.flatMap((each) => [labelled(each), joined(each)]).filter(isNode);
  const byName = new Map(seen.map(({ name, role, zone }) => [name, { name, role, zone }]));
  return [...byName.values()].sort((one, other) =>
    one.name.localeCompare(other.name, "en", { numeric: true }),
  );
}
