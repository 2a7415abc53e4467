import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";

/** What an engine says of a swarm that has lost its quorum. */
export interface Deaf {
  /** `docker info`: whether it calls itself a manager in control, its error, and how many managers it counts. */
  readonly control: string;
  readonly error: string;
  readonly managers: string;
}

/**
 * Waits until a manager that has lost the others refuses to list the nodes, and returns what it says. Until then it lists
 * from memory, for up to twenty seconds: a leader notices at its election timeout only.
 */
export function refusedBy(stage: Stage, manager: NodeHandle, deadline = 60): Promise<string> {
  return stage.until<string>(`${manager.name} refuses to list nodes`, deadline, async () => {
    const { code, stderr } = await stage.try(manager, "docker node ls", { seconds: 25 });
    if (code === 0) return { waiting: "it lists them as if nothing had happened" };
    return { done: stderr.trim() || "no answer within 25 s" };
  });
}

/** What `docker info` says there; it answers without a quorum. */
export async function deaf(stage: Stage, manager: NodeHandle): Promise<Deaf> {
  const format = "{{.Swarm.ControlAvailable}},{{.Swarm.Managers}},{{.Swarm.Error}}";
  const said = await stage.on(manager, `docker info --format '${format}'`, { seconds: 60 });
  const [control = "", managers = "", ...error] = said.split(",");
  return { control, managers, error: error.join(",") };
}
