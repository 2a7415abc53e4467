import { ensureImages, imageTag } from "../../../scripts/images.ts";
import { refuse } from "../../errors.ts";
import type { KernelFeatures } from "../types.ts";
import { resolveEngine } from "./engine.ts";
import { probeKernel } from "./kernel.ts";
import { type LocalWish, settle } from "./settle.ts";
import { survey } from "./survey.ts";

/** What the machine gives to the lab: known before any resource is, so that the whole plan can be made from it. */
export interface LocalGround {
  readonly engine: string;
  readonly kernel: KernelFeatures;
  readonly subnet: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly images: { readonly [name in "node" | "gateway" | "registry" | "app"]: string };
}

export interface GroundRequest extends LocalWish {
  /** Image of the nodes instead of the lab's own. */
  readonly nodeImage?: string;
  readonly report: (line: string) => void;
}

/**
 * The preflight of a local lab: looks at the engine and the machine, builds missing images (they are a cache, not part
 * of the lab), asks the kernel, and settles subnet and ports. Throws one UserError with every problem.
 */
export async function prepareLocal(request: GroundRequest): Promise<LocalGround> {
  const engine = await resolveEngine();
  const seen = await survey(engine, request.lab);
  const { subnet, ports, problems } = await settle(seen, request);
  refuse("this machine cannot hold the lab as it is configured; nothing was changed", problems);
  await ensureImages(["node", "gateway", "registry", "app"], { engine, report: request.report });
  const node = request.nodeImage ?? imageTag("node");
  const kernel = await probeKernel({ engine, image: imageTag("node"), report: request.report });
  const images = {
    node,
    gateway: imageTag("gateway"),
    registry: imageTag("registry"),
    app: imageTag("app"),
  };
  return { engine, kernel, subnet, ports, images };
}
