import type { NodeHandle, NodeRole } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import type { Said } from "./said.ts";

const STATE = "docker info --format '{{.Swarm.LocalNodeState}}'";

/** Waits until the engine of a machine answers, and returns its state in the swarm. */
export function engineState(stage: Stage, node: NodeHandle, wanted?: string): Promise<string> {
  const what = `the engine of ${node.name} ${wanted === undefined ? "answers" : `is ${wanted}`}`;
  return stage.until<string>(what, 60, async () => {
    const { code, stdout } = await stage.try(node, STATE);
    const state = stdout.trim();
    if (code !== 0 || state === "") return { waiting: "its engine does not answer" };
    return wanted === undefined || state === wanted
      ? { done: state }
      : { waiting: `it is ${state}` };
  });
}

/** A machine beside the lab's, in no swarm, whose engine runs. The end of the drill removes it. */
export async function stranger(stage: Stage, suffix: string): Promise<NodeHandle> {
  const [like] = stage.nodes.toReversed();
  if (like === undefined) throw new Error("a lab without nodes");
  const machine = await stage.newMachine(like, suffix, "beside");
  stage.defer(`no entry of ${machine.name} is left`, () => removeEntries(stage, machine));
  await stage.start(machine);
  await engineState(stage, machine, "inactive");
  return machine;
}

/** The token of a role, as it is now. Never to be kept. */
export const joinToken = async (stage: Stage, role: NodeRole) =>
  stage.on(await stage.leader(), `docker swarm join-token -q ${role}`);

/** The token travels on standard input into the body of the request, so that no argument list shows it. */
const JOIN = `curl -sS --max-time 40 --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \\
-d @- -w '\\n%{http_code}' http://engine/swarm/join`;

/** Asks to join with a token, drained so that it gets no task; the status of the answer, 200 for a new node, and what it said. */
export async function askToJoin(stage: Stage, node: NodeHandle, token: string): Promise<Said> {
  const leader = await stage.leader();
  const request = {
    ListenAddr: "0.0.0.0:2377",
    AdvertiseAddr: node.address,
    RemoteAddrs: [`${leader.address}:2377`],
    JoinToken: token,
    Availability: "drain",
  };
  const { stdout, stderr } = await stage.try(node, JOIN, {
    ...{ seconds: 45, stdin: JSON.stringify(request) },
  });
  const [status = "", ...body] = stdout.trim().split("\n").reverse();
  const text = `${body.reverse().join(" ").trim()} ${stderr.trim()}`.trim();
  return { code: Number(status), text: text.replaceAll(token, "(the token)").slice(0, 300) };
}

/** The entries of a machine in the swarm's list: `ID STATUS MANAGER-STATUS`. */
export async function entriesOf(stage: Stage, node: NodeHandle): Promise<string[]> {
  const list = "docker node ls --format '{{.Hostname}} {{.ID}} {{.Status}} {{.ManagerStatus}}'";
  const lines = (await stage.on(await stage.leader(), list)).split("\n");
  return lines
    .filter((line) => line.startsWith(`${node.name} `))
    .map((line) => line.slice(node.name.length + 1).trim());
}

/** Waits until a machine has one entry, and that with this status (`Ready`, `Ready Reachable`, `Down`); its node id. */
export function awaitEntry(
  stage: Stage,
  node: NodeHandle,
  status: string,
  seconds = 60,
): Promise<string> {
  return stage.until<string>(`${node.name} is ${status}`, seconds, async () => {
    const entries = await entriesOf(stage, node);
    const [id = "", ...rest] = entries.at(-1)?.split(" ") ?? [];
    return entries.length === 1 && rest.join(" ") === status
      ? { done: id }
      : { waiting: entries.join(", ") || "it is in no list" };
  });
}

/** Raft index of the last change of a node's entry: each registration of its agent is one. */
export const entryIndex = async (stage: Stage, id: string): Promise<number> =>
  Number(
    await stage.on(await stage.leader(), `docker node inspect --format '{{.Version.Index}}' ${id}`),
  );

/** Takes every entry of a machine out of the swarm, also that of a manager. */
export async function removeEntries(stage: Stage, node: NodeHandle): Promise<void> {
  await stage.until<true>(`no entry of ${node.name} is left`, 60, async () => {
    const leader = await stage.leader();
    const entries = await entriesOf(stage, node);
    if (entries.length === 0) return { done: true };
    const reasons: string[] = [];
    for (const entry of entries) {
      const [id = "", , manager] = entry.split(" ");
      if (manager !== undefined) await stage.try(leader, `docker node demote ${id} >/dev/null`);
      const { code, stderr } = await stage.try(leader, `docker node rm --force ${id} >/dev/null`);
      if (code !== 0) reasons.push(stderr.trim());
    }
    return reasons.length === 0 ? { done: true } : { waiting: reasons.join("; ") };
  });
}
