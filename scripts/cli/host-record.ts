import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import {
  type HostRecord,
  LAB_ID_PROGRAM,
  READY_PROGRAM,
} from "../../components/nodes/hosts/record.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { describedIn } from "./describe.ts";
import type { StackState, StateResource } from "./state.ts";

/** A variable of a resource that is a step; undefined of anything else, and of what is kept encrypted. */
function variableOf({ inputs }: StateResource, name: string): string | undefined {
  const environment = inputs?.environment as Readonly<Record<string, unknown>> | undefined;
  const text = environment?.[name];
  return typeof text === "string" ? text : undefined;
}

/** What a state says of a lab's hosts. Nothing is on record of a stack that was never brought up. */
export function hostRecord(state: StackState | undefined): HostRecord {
  const resources = (state?.resources ?? []).filter((resource) => !resource.delete);
  const made = resources.find(({ inputs }) => inputs?.create === `node scripts/${LAB_ID_PROGRAM}`);
  const told = made?.outputs?.stdout;
  const { kernel } = describedIn(state) ?? {};
  const peersOf = (resource: StateResource): NodeHandle[] =>
    JSON.parse(variableOf(resource, "LAB_PEERS") ?? "[]");
  const opened = resources.flatMap((resource) => {
    const host = variableOf(resource, "LAB_HOST");
    if (host === undefined || resource.inputs?.create !== `node scripts/${READY_PROGRAM}`)
      return [];
    const { node } = JSON.parse(host) as HostInput;
    return [[node.name, peersOf(resource).map(({ name }) => name)] as const];
  });
  return {
    ...(typeof told === "string" ? { id: (JSON.parse(told) as { id: string }).id } : {}),
    ...(kernel === undefined ? {} : { kernel }),
    peers: resources.flatMap(peersOf),
    opened: Object.fromEntries(opened),
  };
}
