import { ensureImages, imageTag } from "../../../scripts/images.ts";
import { refuse } from "../../errors.ts";
import { resolveEngine } from "../local/engine.ts";
import type { NodeHandle, PlannedNode } from "../types.ts";
import { type HostLook, type HostsSeen, lookAtHosts } from "./look.ts";

/** What the hosts give to the lab, known before any resource is. */
export interface HostGround
  extends Pick<HostsSeen, "kernel" | "connections" | "silent" | "warnings"> {
  /** DOCKER_HOST of the engine of this machine, on which the lab's images are built. */
  readonly engine: string;
  readonly images: { readonly [name in "gateway" | "registry" | "app"]: string };
}

export interface HostGroundRequest extends HostLook {
  readonly report: (line: string) => void;
}

/** The preflight of a lab on hosts. Throws one UserError with every problem. */
export async function prepareHosts(request: HostGroundRequest): Promise<HostGround> {
  const engine = await resolveEngine();
  const { problems, seen: _, ...found } = await lookAtHosts(request);
  refuse("the hosts cannot hold the lab as it is configured; nothing was changed", problems);
  await ensureImages(["gateway", "registry", "app"], { engine, report: request.report });
  const images = {
    gateway: imageTag("gateway"),
    registry: imageTag("registry"),
    app: imageTag("app"),
  };
  return { engine, images, ...found };
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
