import { connect } from "node:tls";
import { execOn } from "../../components/nodes/exec.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { UnlockKeys } from "../backup/unlock-keys.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { type LocalState, localState } from "../swarm/managers.ts";
import { describeLab, type ReachableNode } from "./describe.ts";
import type { Report } from "./report.ts";
import { recordedUnlockKey } from "./secret-outputs.ts";

const LIST = "timeout 8 docker node ls --format '{{json .}}'";

export interface Awake {
  readonly entries: readonly NodeEntry[];
  readonly clusterId: string;
}

/**
 * The keys that may open the managers of a lab with autolock: those kept with its backups, where a restore and a drill leave
 * the new key they make, and the one in the stack's secret outputs, which is of the last `up` that made one.
 */
async function unlockKeys(stack: string): Promise<string[]> {
  const recorded = await recordedUnlockKey(stack);
  const folder = (await describeLab(stack))?.backups?.keys;
  const kept = folder === undefined ? [] : await new UnlockKeys(folder).all();
  return [...new Set([recorded, ...kept])].filter((key) => key !== "");
}

/** The id of the swarm's cluster; only a manager with a quorum knows it. */
export async function clusterIdOn(node: ReachableNode): Promise<string | undefined> {
  return (await localState(node))?.clusterId || undefined;
}

/**
 * Waits until the gateway passes connections to a living manager. It accepts them without one as well and closes them
 * at once, so only a TLS handshake tells; whom the engine trusts is not asked here.
 */
export async function awaitGateway(api: string, deadline: number): Promise<void> {
  if (!api.startsWith("https:")) return; // hosts have none: a manager is asked through SSH
  const { hostname: host, port } = new URL(api);
  const look = () =>
    new Promise<Look<true>>((resolve) => {
      const options = { host, port: Number(port), rejectUnauthorized: false, timeout: 3000 };
      const socket = connect(options, () => {
        socket.destroy();
        resolve({ done: true });
      });
      const waiting = (reason: string) => {
        socket.destroy();
        resolve({ waiting: reason });
      };
      socket.on("timeout", () => waiting("no answer within 3 s"));
      socket.on("error", (error) => waiting(error.message));
      socket.on("close", () => waiting("it closes connections at once"));
    });
  await waitFor(`the gateway reaches a manager at ${api}`, look, { deadline, interval: 0.2 });
}

/** Tries the keys one after another: a wrong one is refused at once, whoever else is locked. */
async function unlock(node: ReachableNode, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const script = "timeout 60 docker swarm unlock";
    const { stderr } = await execOn(node, script, { stdin: `${key}\n`, timeout: 70_000 });
    if (!/invalid key/.test(stderr)) return;
  }
}

/** Waits until a node's engine answers and is not locked, and unlocks it with the key that fits when it is. */
async function ready(
  node: ReachableNode,
  deadline: number,
  keys: () => Promise<string[]>,
  say: Report,
): Promise<LocalState> {
  let unlocked = false;
  const look = async (): Promise<Look<LocalState>> => {
    const state = await localState(node);
    if (state === undefined) return { waiting: "no answer" };
    if (state.state !== "locked") return { done: state };
    if (!unlocked) {
      unlocked = true;
      say(`unlocking ${node.name}`);
      await unlock(node, await keys());
    }
    return { waiting: "it is locked" };
  };
  return waitFor(`the engine of ${node.name}`, look, { deadline, interval: 0.3 });
}

/** What the first of the managers that has a quorum knows, or why none has. */
async function askQuorum(managers: readonly ReachableNode[]): Promise<Look<Awake>> {
  const lists = await Promise.all(managers.map((node) => execOn(node, LIST, { timeout: 10_000 })));
  const index = lists.findIndex(({ code }) => code === 0);
  const [manager, list] = [managers[index], lists[index]];
  if (manager === undefined || list === undefined)
    return { waiting: `no manager has a quorum: ${lists[0]?.stderr.trim().slice(0, 120)}` };
  const clusterId = await clusterIdOn(manager);
  if (clusterId === undefined)
    return { waiting: `${manager.name} does not tell the cluster's id yet` };
  return { done: { entries: parseNodes(list.stdout), clusterId } };
}

/**
 * Waits until nodes that were just started are the swarm they were: engines up, locked managers unlocked, a quorum,
 * and nothing that `judge` still misses among the listed nodes. A lab whose nodes never were in a swarm is awake at
 * once, with no entries. Throws a WaitError with the last reason when a part of it takes longer than the deadline.
 */
export async function awaken(
  stack: string,
  nodes: readonly ReachableNode[],
  judge: (entries: readonly NodeEntry[]) => string | undefined,
  deadline: number,
  say: Report,
): Promise<Awake> {
  let known: Promise<string[]> | undefined;
  const keys = () => {
    known ??= unlockKeys(stack);
    return known;
  };
  // Side by side: an engine waits up to 20 s for its swarm's managers before it answers, and one manager is no quorum.
  const states = await Promise.all(nodes.map((node) => ready(node, deadline, keys, say)));
  const managers = nodes.filter(
    (node, index) => node.role === "manager" && states[index]?.state !== "inactive",
  );
  if (managers.length === 0) return { entries: [], clusterId: "" };
  const look = async (): Promise<Look<Awake>> => {
    const answer = await askQuorum(managers);
    const reason = "done" in answer ? judge(answer.done.entries) : undefined;
    return reason === undefined ? answer : { waiting: reason };
  };
  return waitFor("the swarm is whole again", look, { deadline, interval: 0.3 });
}
