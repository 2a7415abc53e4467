import type { ContainerConnection, NodeHandle } from "./types.ts";

/** A node whose machine is a container. */
export type ContainerNode = NodeHandle & { readonly connection: ContainerConnection };

/** Whether a node is a container: what only the engine under it can do (machines of its like, its disk) is possible. */
export function isContainer<N extends Pick<NodeHandle, "connection">>(
  node: N,
): node is N & { readonly connection: ContainerConnection } {
  return node.connection.kind === "container";
}

/** The same node, or an error: whoever asks has to know before that only containers will do. */
export function asContainer<N extends Pick<NodeHandle, "name" | "connection">>(
  node: N,
): N & { readonly connection: ContainerConnection } {
  if (isContainer(node)) return node;
  throw new Error(`${node.name} is a machine of its own: the engine that runs it is not known`);
}
