import { refuse } from "../../errors.ts";
import { type BuildGround, prepareBuild } from "../build.ts";
import type { NodeHandle, PlannedNode } from "../types.ts";
import { type HostLook, type HostsSeen, lookAtHosts } from "./look.ts";

/** What the hosts give to the lab, known before any resource is. */
export interface HostGround
  extends BuildGround,
    Pick<HostsSeen, "kernel" | "connections" | "silent" | "warnings"> {}

export interface HostGroundRequest extends HostLook {
  readonly report: (line: string) => void;
}

/** The preflight of a lab on hosts. Throws one UserError with every problem. */
export async function prepareHosts(request: HostGroundRequest): Promise<HostGround> {
  const { problems, seen: _, ...found } = await lookAtHosts(request);
  refuse("the hosts cannot hold the lab as it is configured; nothing was changed", problems);
  return { ...(await prepareBuild({ report: request.report })), ...found };
}

/** The nodes of a plan with the way to each. */
export const handlesOf = (
  nodes: readonly PlannedNode[],
  { connections }: Pick<HostGround, "connections">,
): NodeHandle[] =>
  nodes.map((node) => {
    const connection = connections[node.name];
    if (connection === undefined) throw new Error(`no host has the name ${node.name}`);
    return { ...node, connection };
  });
