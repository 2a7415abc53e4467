import { UserError } from "../../components/errors.ts";
import { describeLab, nodesOf, type ReachableNode } from "./describe.ts";
import { type LabContainer, labContainers } from "./docker.ts";
import { labName } from "./paths.ts";
import { enterForLooking } from "./status.ts";

/** A lab's nodes that a person named, and its containers. */
export interface NamedNodes {
  readonly nodes: readonly ReachableNode[];
  readonly containers: readonly LabContainer[];
}

/** Finds nodes by their names. Throws a UserError that lists the nodes there are when there is none of such a name. */
export async function namedNodes(stack: string, names: readonly string[]): Promise<NamedNodes> {
  const engine = await enterForLooking(stack);
  const lab = labName(stack);
  const [description, containers] = await Promise.all([
    describeLab(stack),
    labContainers(engine, lab),
  ]);
  const all = description?.nodes ?? nodesOf(containers, engine);
  const nodes = names.map((name) => {
    const node = all.find((candidate) => candidate.name === name);
    if (node !== undefined) return node;
    const known = all.map((candidate) => candidate.name).join(", ");
    const fix = known === "" ? `lab ${lab} is down: \`npm run up\`` : `one of ${known}`;
    throw new UserError(`node: got ${name}, need a node of lab ${lab}: ${fix}`);
  });
  return { nodes, containers };
}
