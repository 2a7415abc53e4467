import type { NodeHandle } from "../../components/nodes/types.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import { type Report, timed } from "../cli/report.ts";
import { endLead } from "./lead.ts";
import { askManagers, type LocalState, localState } from "./managers.ts";
import { rejoinManager, rejoinWorker } from "./rejoin.ts";

const LIST = "docker node ls --format '{{json .}}'";

/**
 * Whether an engine that answers is outside the swarm that the others list: it is in none, or, `afterDrill`, in one in which
 * its own id means nothing any more. Without a drill that broke the lab such a node is the user's own doing (a swarm
 * split by hand, whose other half may hold what this half lacks) and stays. One that is locked may still be a member, and
 * one that has not found its swarm yet is one as long as its id is listed. Pure.
 */
export function isOutside(
  state: LocalState | undefined,
  entries: readonly NodeEntry[],
  { afterDrill }: { readonly afterDrill: boolean },
): boolean {
  if (state === undefined || state.state === "locked") return false;
  if (state.state === "inactive") return true;
  return afterDrill && state.nodeId !== "" && !entries.some(({ id }) => id === state.nodeId);
}

/** Whether the list of the swarm's nodes is that of the members, all of them Ready: then no engine need be asked. Pure. */
export function allReady(entries: readonly NodeEntry[], names: readonly string[]): boolean {
  const ready = entries.filter(({ status }) => status === "Ready").map(({ hostname }) => hostname);
  return (
    entries.length === names.length &&
    ready.length === names.length &&
    names.every((name) => ready.includes(name))
  );
}

const answering = (members: readonly MemberInput[], states: readonly unknown[]) =>
  members.map(({ node }) => node).filter((_, at) => states[at] !== undefined);

/** What the managers that have a quorum list; undefined when none has. */
async function lookAtList(members: readonly MemberInput[]) {
  const managers = members.map(({ node }) => node).filter(({ role }) => role === "manager");
  const answer = await askManagers(managers, LIST);
  return answer && { via: answer.manager, entries: parseNodes(answer.stdout) };
}

/** What the managers that have a quorum list, and what each node's engine says of itself, in the members' order. */
export async function lookAtMembers(members: readonly MemberInput[]) {
  const [list, states] = await Promise.all([
    lookAtList(members),
    Promise.all(members.map(({ node }) => localState(node))),
  ]);
  return list && { ...list, states };
}

/**
 * Makes nodes members again that run and are outside their lab's swarm, while the others have a quorum: a disk that was
 * emptied, a restore that came from before they joined. Their old entries go. Does nothing without a quorum. Returns
 * their names.
 */
export async function mendMembers(
  members: readonly MemberInput[],
  { afterDrill, say }: { readonly afterDrill: boolean; readonly say: Report },
): Promise<string[]> {
  const list = await lookAtList(members);
  const names = members.map(({ node }) => node.name);
  if (list === undefined) return [];
  // For seconds the list calls a node Ready that has left: where something was broken on purpose the engines are asked.
  if (!afterDrill && allReady(list.entries, names)) return [];
  const { via, entries } = list;
  const states = await Promise.all(members.map(({ node }) => localState(node)));
  const outside = members.filter((_, at) => isOutside(states[at], entries, { afterDrill }));
  // A restore that was interrupted leads nodes to one manager; the others are to be found again at their own addresses.
  if (outside.length > 0) await endLead(answering(members, states), say);
  // Managers first, and one after another: each has to be Reachable before the next one counts for the quorum.
  const inOrder = [...outside].sort((a, b) => a.node.role.localeCompare(b.node.role));
  for (const { node, spec } of inOrder) {
    const rejoin = () =>
      node.role === "manager"
        ? rejoinManager(node, via, spec, `${Date.now()}`)
        : rejoinWorker(node, via, spec);
    await timed(`heal: ${node.name} is in no swarm of this lab: joining anew`, rejoin, say);
  }
  return inOrder.map(({ node }) => node.name);
}

/** The entries that stand for none of a lab's nodes as they are now. */
export function ghostsOf(
  entries: readonly NodeEntry[],
  states: readonly (LocalState | undefined)[],
  nodes: readonly Pick<NodeHandle, "name">[],
): NodeEntry[] {
  return entries.filter(({ id, hostname }) => {
    const at = nodes.findIndex(({ name }) => name === hostname);
    // Of an engine that does not answer nothing is known: its entry stays.
    return at < 0 || (states[at]?.nodeId && states[at].nodeId !== id);
  });
}
