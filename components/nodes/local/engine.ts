import { x } from "tinyexec";

/**
 * The DOCKER_HOST of the engine that runs the node containers, found once and then named explicitly everywhere:
 * the providers do not know docker contexts, so Docker Desktop's and Colima's sockets would be missed.
 * Order: SWARM_LAB_ENGINE, DOCKER_HOST, the docker CLI's current context, the usual socket.
 */
export async function resolveEngine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const named = env.SWARM_LAB_ENGINE || env.DOCKER_HOST;
  if (named) return named;
  const format = "{{.Endpoints.docker.Host}}";
  const context = await x("docker", ["context", "inspect", "--format", format]);
  return context.stdout.trim() || "unix:///var/run/docker.sock";
}
