import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage, StagedKey } from "../stage.ts";
import { said } from "./said.ts";

const KEY_FILE = "/var/lib/docker/swarm/certificates/swarm-node.key";
const STATE = "docker info --format '{{.Swarm.LocalNodeState}}'";
const SEALED = `head -n 1 ${KEY_FILE}`;

/** Seconds after which a command that ought to be done is called one that blocks. */
export const BLOCKED = 25;

/** Waits until a node's engine is in a state, or says which other one it is in. */
export function awaitState(stage: Stage, node: NodeHandle, wanted: string): Promise<string> {
  return stage.until<string>(`${node.name} is ${wanted}`, 60, async () => {
    const { code, stdout } = await stage.try(node, STATE);
    const state = stdout.trim();
    if (code !== 0) return { waiting: "its engine does not answer" };
    return state === wanted ? { done: state } : { waiting: `it is ${state}` };
  });
}

/** Waits until the key file of each node is sealed, or open. */
export async function awaitSealed(stage: Stage, nodes: readonly NodeHandle[], sealed: boolean) {
  for (const node of nodes)
    await stage.until<true>(
      `key file ${sealed ? "sealed" : "open"} on ${node.name}`,
      30,
      async () =>
        (await stage.on(node, SEALED)).includes("ENCRYPTED") === sealed
          ? { done: true }
          : { waiting: "not yet" },
    );
}

/** Restarts a manager: locked, refused with the old key, opened with the new one. */
export async function restart(stage: Stage, node: NodeHandle, old: StagedKey, key: StagedKey) {
  await awaitSealed(stage, stage.managers, true);
  await stage.stop(node);
  await stage.start(node);
  const state = await awaitState(stage, node, "locked");
  const oldKey = said(await stage.unlock(node, old, BLOCKED));
  const newKey = said(await stage.unlock(node, key, 60));
  await stage.whole(90);
  const sealed = (await stage.on(node, SEALED)).includes("ENCRYPTED");
  stage.fact("restarted", { state, oldKey, newKey, sealed });
}
