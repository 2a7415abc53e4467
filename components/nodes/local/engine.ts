import { UserError } from "../../errors.ts";
import { capture } from "../../process.ts";

export const NO_DOCKER =
  "docker: got no docker command, need the Docker client and an engine; install Docker";

/**
 * The DOCKER_HOST of the engine that runs the node containers, found once and then named explicitly everywhere:
 * the providers do not know docker contexts, so Docker Desktop's and Colima's sockets would be missed.
 * Order: SWARM_LAB_ENGINE, DOCKER_HOST, the docker CLI's current context, the usual socket. Throws UserError where there
 * is no docker client.
 */
export async function resolveEngine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const named = env.SWARM_LAB_ENGINE || env.DOCKER_HOST;
  if (named) return named;
  const format = "{{.Endpoints.docker.Host}}";
  const context = await capture("docker", ["context", "inspect", "--format", format]);
  if (context.code === 127) throw new UserError(NO_DOCKER);
  return context.stdout.trim() || "unix:///var/run/docker.sock";
}
