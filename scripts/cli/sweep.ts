import { docker, type LabThings, labThings } from "./docker.ts";
import { said } from "./run.ts";

const KINDS = ["container", "network", "volume"] as const;

const REMOVE: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  container: ["rm", "--force", "--volumes"],
  network: ["network", "rm"],
  volume: ["volume", "rm", "--force"],
};

export const count = (things: LabThings) =>
  things.container.length + things.volume.length + things.network.length;

/** What is left, as `2 containers, 1 volume`. */
export function describeThings(things: LabThings): string {
  return KINDS.filter((kind) => things[kind].length > 0)
    .map((kind) => `${things[kind].length} ${kind}${things[kind].length === 1 ? "" : "s"}`)
    .join(", ");
}

/**
 * Removes everything on the engine that carries the lab's label: containers first, as they hold volumes and networks.
 * Returns what is left and why; nothing is left when `left` is empty.
 */
export async function sweep(
  engine: string,
  lab: string,
  found: LabThings,
): Promise<{ readonly left: LabThings; readonly reasons: readonly string[] }> {
  const reasons: string[] = [];
  const remove = async (kind: (typeof KINDS)[number]) => {
    if (found[kind].length === 0) return;
    const result = await docker(engine, [...REMOVE[kind], ...found[kind]], { timeout: 120_000 });
    if (result.code !== 0) reasons.push(said(result));
  };
  await remove("container");
  await Promise.all([remove("network"), remove("volume")]);
  return { left: await labThings(engine, lab), reasons };
}
