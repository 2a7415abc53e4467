import { execOn, runOn } from "../../components/nodes/exec.ts";
import { enginePower, startEngine } from "../../components/nodes/power.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { waitFor } from "../lib/wait.ts";
import { type LocalState, localState } from "../swarm/managers.ts";

/** Waits until a node's engine answers and says what it is in the swarm. */
export function awaitEngine(
  node: Pick<NodeHandle, "name" | "connection">,
  deadline = 60,
): Promise<LocalState> {
  return waitFor<LocalState>(
    `${node.name}: its engine answers`,
    async () => {
      const state = await localState(node);
      return state === undefined ? { waiting: "it does not answer" } : { done: state };
    },
    { deadline, interval: 0.3 },
  );
}

/** Opens a manager that started locked. The key travels on standard input. The command blocks until there is a quorum. */
export async function unlockEngine(node: NodeHandle, key: string): Promise<void> {
  await runOn(node, "unlocking", "timeout 60 docker swarm unlock", { stdin: key, timeout: 70_000 });
}

/** Waits until a manager of a swarm that has a quorum calls this one Reachable, and Ready. */
export function awaitReachable(
  node: NodeHandle,
  via: readonly NodeHandle[],
  deadline = 90,
): Promise<true> {
  const ask = `docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'`;
  return waitFor<true>(
    `${node.name} is Ready and Reachable`,
    async () => {
      for (const manager of via) {
        const { code, stdout } = await execOn(manager, `timeout 8 ${ask}`, { timeout: 10_000 });
        if (code !== 0) continue;
        const line = stdout.split("\n").find((one) => one.startsWith(`${node.name} `)) ?? "";
        return /^\S+ Ready (Reachable|Leader)$/.test(line)
          ? { done: true }
          : { waiting: `${manager.name} says ${line || "it knows no such node"}` };
      }
      return { waiting: "no manager with a quorum answers" };
    },
    { deadline, interval: 0.5 },
  );
}

/**
 * Brings a manager back after its engine was stopped: starts it, unlocks it when it asks for that, waits until the
 * others reach it. Does nothing that is not needed, so it may be called in any state.
 */
export async function bringBack(
  node: NodeHandle,
  peers: readonly NodeHandle[],
  unlockKey: string,
): Promise<void> {
  if ((await enginePower(node)) !== "on") await startEngine(node);
  const { state } = await awaitEngine(node);
  if (state === "locked") await unlockEngine(node, unlockKey);
  await awaitReachable(node, [...peers.filter(({ name }) => name !== node.name), node]);
}
