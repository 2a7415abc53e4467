import { connect } from "node:tls";
import { execOn } from "../../components/nodes/exec.ts";
import { type NodeEntry, parseNodes } from "../../components/swarm/node-list.ts";
import { type Look, waitFor } from "../lib/wait.ts";
import { type LocalState, parseLocalState } from "../swarm/managers.ts";
import type { ReachableNode } from "./describe.ts";
import type { Report } from "./report.ts";
import { capture } from "./run.ts";

const STATE = `timeout 5 docker info --format '{{.Swarm.LocalNodeState}}\t{{.Swarm.Error}}\t{{.Swarm.NodeID}}'`;
const LIST = "timeout 8 docker node ls --format '{{json .}}'";

export interface Awake {
  readonly entries: readonly NodeEntry[];
  readonly clusterId: string;
}

async function stateOf(node: ReachableNode): Promise<LocalState | undefined> {
  const { code, stdout } = await execOn(node, STATE, { timeout: 7_000 });
  return code === 0 ? parseLocalState(stdout) : undefined;
}

/** The key that opens the managers of a lab with autolock, out of the stack's secret outputs. */
async function unlockKey(stack: string): Promise<string> {
  const args = ["stack", "output", "keys", "--json", "--show-secrets", "--stack", stack];
  const { code, stdout, stderr } = await capture("pulumi", args);
  if (code !== 0)
    throw new Error(`reading the unlock key from the stack's outputs: ${stderr.trim()}`);
  return (JSON.parse(stdout) as { unlockKey?: string }).unlockKey ?? "";
}

/** The id of the swarm's cluster; only a manager with a quorum knows it. */
export async function clusterIdOn(node: ReachableNode): Promise<string | undefined> {
  const script = "timeout 5 docker info --format '{{with .Swarm.Cluster}}{{.ID}}{{end}}'";
  const { code, stdout } = await execOn(node, script, { timeout: 7_000 });
  return (code === 0 && stdout.trim()) || undefined;
}

/**
 * Waits until the gateway passes connections to a living manager. It accepts them without one as well and closes them
 * at once, so only a TLS handshake tells; whom the engine trusts is not asked here.
 */
export async function awaitGateway(api: string, deadline: number): Promise<void> {
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

/**
 * Waits until nodes that were just started are the swarm they were: engines up, locked managers unlocked, a quorum,
 * and nothing that `judge` still misses among the listed nodes. A lab whose nodes never were in a swarm is awake at
 * once, with no entries. Throws a WaitError with the last reason at the deadline.
 */
export async function awaken(
  stack: string,
  nodes: readonly ReachableNode[],
  judge: (entries: readonly NodeEntry[]) => string | undefined,
  deadline: number,
  say: Report,
): Promise<Awake> {
  const unlocked = new Set<string>();
  let key: Promise<string> | undefined;
  const unlock = async (node: ReachableNode) => {
    if (unlocked.has(node.name)) return;
    unlocked.add(node.name);
    say(`unlocking ${node.name}`);
    key ??= unlockKey(stack);
    await execOn(node, "timeout 60 docker swarm unlock", { stdin: `${await key}\n` });
  };
  const look = async (): Promise<Look<Awake>> => {
    const states = await Promise.all(nodes.map(stateOf));
    const silent = nodes.filter((_, index) => states[index] === undefined);
    if (silent.length > 0)
      return {
        waiting: `no answer from the engine of ${silent.map(({ name }) => name).join(", ")}`,
      };
    const locked = nodes.filter((_, index) => states[index]?.state === "locked");
    await Promise.all(locked.map(unlock));
    const managers = nodes.filter(
      (node, index) => node.role === "manager" && states[index]?.state !== "inactive",
    );
    if (managers.length === 0) return { done: { entries: [], clusterId: "" } };
    const lists = await Promise.all(
      managers.map((node) => execOn(node, LIST, { timeout: 10_000 })),
    );
    const index = lists.findIndex(({ code }) => code === 0);
    const [manager, list] = [managers[index], lists[index]];
    if (manager === undefined || list === undefined)
      return { waiting: `no manager has a quorum: ${lists[0]?.stderr.trim().slice(0, 120)}` };
    const entries = parseNodes(list.stdout);
    const reason = judge(entries);
    if (reason !== undefined) return { waiting: reason };
    const clusterId = await clusterIdOn(manager);
    return clusterId === undefined
      ? { waiting: `${manager.name} does not tell the cluster's id yet` }
      : { done: { entries, clusterId } };
  };
  return waitFor("the swarm is whole again", look, { deadline, interval: 0.3 });
}
