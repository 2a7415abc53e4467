import { ensureImages } from "../../scripts/images.ts";
import { describeProblem, UserError } from "../errors.ts";
import { capture } from "../process.ts";
import { resolveEngine } from "./local/engine.ts";

/** What nodes that are machines of their own are brought from this one. */
export interface BuildGround {
  /** DOCKER_HOST of the engine of this machine, on which the lab's images are built. */
  readonly engine: string;
  readonly images: { readonly [name in "gateway" | "registry" | "app"]: string };
}

export interface BuildRequest {
  readonly report: (line: string) => void;
  /** What the nodes' processors are, and which setting asks for them; absent: not known. */
  readonly wanted?: {
    readonly architecture: "amd64" | "arm64";
    readonly where: string;
    readonly got: string;
  };
}

/** Images are built for the processors of the engine that builds them: others could not run them. */
async function checkArchitecture(engine: string, { wanted }: BuildRequest): Promise<void> {
  if (wanted === undefined) return;
  const format = "{{.Server.Arch}}";
  const asked = await capture("docker", ["--host", engine, "version", "--format", format]);
  const own = asked.stdout.trim();
  if (asked.code !== 0 || own === wanted.architecture) return; // an engine that is silent says so when it is to build
  throw new UserError(
    describeProblem({
      where: wanted.where,
      got: `${wanted.got}, whose processors are ${wanted.architecture}`,
      need: `${own}, as the engine that builds the lab's images has (${engine})`,
      fix: "choose such a type, or name an engine on a machine of the other kind in SWARM_LAB_ENGINE",
    }),
  );
}

/** Finds the engine that builds the lab's images, and has it build those that are missing. Throws a UserError. */
export async function prepareBuild(request: BuildRequest): Promise<BuildGround> {
  const engine = await resolveEngine();
  await checkArchitecture(engine, request);
  const names = ["gateway", "registry", "app"] as const;
  const images = await ensureImages(names, { engine, report: request.report });
  return { engine, images };
}
