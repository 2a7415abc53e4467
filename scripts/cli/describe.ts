import type { NodeHandle } from "../../components/nodes/types.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import type { LabContainer } from "./docker.ts";
import { ownBackend } from "./environment.ts";
import { capture } from "./run.ts";
import { holdsResources, readState, type StackState } from "./state.ts";

export type { LabDescription } from "../../stacks/outputs.ts";

/** The stack output `lab` in a state, or undefined in one of a lab that was never finished. */
export function describedIn(state: StackState | undefined): LabDescription | undefined {
  const lab = state?.outputs.lab as LabDescription | undefined;
  // A secret output is a ciphertext with a signature, and no description.
  return lab !== undefined && Array.isArray(lab.nodes) ? lab : undefined;
}

/** What is on record of a lab. */
export interface Recorded {
  readonly description: LabDescription | undefined;
  /** Whether there are resources on record; always false in a backend of the user's own, where asking takes long. */
  readonly resources: boolean;
}

/**
 * What a stack's lab is by its own words: the stack output `lab`. Reads the own backend's file, which takes a
 * millisecond, and asks Pulumi for any other. There is no description while the lab is down or was never finished.
 */
export async function readRecord(stack: string): Promise<Recorded> {
  if (ownBackend()) {
    const state = await readState(stack);
    const description = describedIn(state);
    const resources = holdsResources(state);
    if (description !== undefined || state?.outputs.lab === undefined)
      return { description, resources };
  }
  const output = await capture("pulumi", ["stack", "output", "lab", "--json", "--stack", stack]);
  if (output.code !== 0) return { description: undefined, resources: false };
  const outputs = { lab: JSON.parse(output.stdout) };
  return { description: describedIn({ resources: [], pending: [], outputs }), resources: false };
}

/** The description alone; undefined when the lab is down or was never finished. */
export async function describeLab(stack: string): Promise<LabDescription | undefined> {
  return (await readRecord(stack)).description;
}

/** A node as a person or a command reaches it, planned or not. */
export type ReachableNode = Pick<NodeHandle, "name" | "role" | "zone" | "address" | "connection">;

/** The nodes an engine runs for a lab, by their labels: what there is when a lab has no description. */
export function nodesOf(containers: readonly LabContainer[], engine: string): ReachableNode[] {
  return containers.flatMap(({ name, node, role, zone }) => {
    if (role !== "manager" && role !== "worker") return [];
    const connection = { kind: "container", container: name, engine } as const;
    return [{ name: node, role, zone, address: "", connection }];
  });
}
