import type { DrillGround } from "../drills/drill.ts";

/** Why a lab cannot hold an exercise that writes an engine's daemon.json: on a machine of its own it holds the lab's settings. */
export const containers = ({ nodes }: DrillGround): string | undefined =>
  nodes.every(({ connection }) => connection.kind === "container")
    ? undefined
    : "its nodes are machines whose daemon.json holds settings of the lab";

/** Why a lab cannot hold an exercise whose tasks share files over the network. */
export const nfsClient = ({ kernel }: DrillGround): string | undefined =>
  kernel.nfs
    ? undefined
    : `its kernel (${kernel.release}) has no client of NFS, without which no node mounts a shared volume`;
