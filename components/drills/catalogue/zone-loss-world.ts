import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage, TaskContainer } from "../stage.ts";

/** The node of each task of a service, sorted. */
export const nodesOf = (tasks: readonly TaskContainer[], service: string) =>
  tasks
    .filter((one) => one.service === service)
    .map(({ node }) => node)
    .sort();

/** A zone with a manager and a worker of its own; not the registry's, where there is another. */
export async function largest(stage: Stage): Promise<readonly NodeHandle[]> {
  const registry = (await stage.containers()).find(({ service }) => service === "registry")?.node;
  const zones = [...new Set(stage.nodes.map(({ zone }) => zone))]
    .map((zone) => stage.nodes.filter((node) => node.zone === zone))
    .filter((nodes) =>
      ["manager", "worker"].every((role) => nodes.some((one) => one.role === role)),
    )
    .sort(
      (a, b) =>
        Number(a.some(({ name }) => name === registry)) -
        Number(b.some(({ name }) => name === registry)),
    );
  const [nodes] = zones;
  if (nodes === undefined) throw new Error("a lab without a zone that has a manager and a worker");
  return nodes;
}

/** The application's service: that of a task which reads the secret. */
export const appOf = async (stage: Stage) => {
  const told = await stage.secretHashes();
  const task = (await stage.containers()).find(({ id }) => id in told);
  if (task === undefined) throw new Error("a lab without its application");
  return task.service;
};
