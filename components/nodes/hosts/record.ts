import { isDeepStrictEqual } from "node:util";
import type { KernelFeatures, NodeHandle, SshConnection } from "../types.ts";

/** What earlier runs of `up` left on record of a lab on hosts, also such as never came to their end. */
export interface HostRecord {
  /** The id under which the stack claims its hosts; absent: it never claimed one. */
  readonly id?: string;
  /** What all kernels could when an `up` last came to its end; absent: none ever did. */
  readonly kernel?: KernelFeatures;
  /** The peers that any step has on record, as they were reached when it was last done. */
  readonly peers: readonly Pick<NodeHandle, "name" | "connection">[];
  /** The peers that each host was opened for, and was opened at, when it was last made ready; by names. */
  readonly opened: Readonly<Record<string, readonly string[]>>;
}

/** The program whose result is that id, and the one that makes a host ready. */
export const LAB_ID_PROGRAM = "hosts/lab-id.ts";
export const READY_PROGRAM = "hosts/provision.ts";

type Connections = Readonly<Record<string, SshConnection>>;

/** Whether a step is on record that knows a way to one of these hosts which is no longer the one. */
const isMoved = ({ peers }: HostRecord, connections: Connections): boolean =>
  peers.some(({ name, connection }) => {
    const now = connections[name];
    return now !== undefined && !isDeepStrictEqual(now, connection);
  });

/** Whether there are two of these hosts of which neither was opened for the other: one came while the other was silent. */
const isShut = ({ opened }: HostRecord, connections: Connections): boolean => {
  const ready = Object.entries(opened).filter(([name]) => name in connections);
  return ready.some(([one, its]) =>
    ready.some(([other, others]) => one !== other && !its.includes(other) && !others.includes(one)),
  );
};

/** Whether what steps have on record of their peers has to be made anew, and they with it. */
export const arePeersStale = (record: HostRecord, connections: Connections): boolean =>
  isMoved(record, connections) || isShut(record, connections);
