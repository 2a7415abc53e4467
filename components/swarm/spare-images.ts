/** Images of the lab that no node has by itself and that an exercise or a drill may use, by their folders' names. */
export type SpareImage = "registry" | "gateway" | "nfs";

/** The name that such an image has on a node to which it was brought. */
export const spareImage = (name: SpareImage): string => `swarm-lab/${name}:1`;
