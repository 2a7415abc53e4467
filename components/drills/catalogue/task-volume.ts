import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";

/** What the only task of a service has in /data, as its own node tells. */
export interface VolumeSeen {
  readonly node: string;
  readonly health: string;
  readonly files: number;
  /** SHA-256 over all files, names and contents. */
  readonly sha256: string;
}

const CONTENT =
  "cd /data; find . -type f | wc -l; find . -type f | sort | xargs -r sha256sum | sha256sum";

const FILES =
  "for i in 1 2 3; do head -c 100000 /dev/urandom > /data/$i; done; sync; chmod 644 /data/*";

/**
 * Shell that makes a service of one task with a volume in /data, healthy as long as that is there. `placed`: flags that say where
 * it may run; `mount`: the volume.
 */
export const withVolume = (
  stage: Stage,
  { service, image, placed, mount }: Record<"service" | "image" | "placed" | "mount", string>,
): string =>
  `docker service create --quiet --detach --no-resolve-image --name ${service} \\
--label swarm-lab.drill=${stage.runId} ${placed} --user 0 --stop-grace-period 1s --restart-delay 1s \\
--mount '${mount}' --health-cmd 'test -d /data' --health-interval 1s ${image} >/dev/null`;

/** Waits until the service has one healthy task on a node, at most `seconds`, and reads what it has, from inside. */
export function seeVolume(
  stage: Stage,
  service: string,
  node: NodeHandle,
  seconds = 60,
): Promise<VolumeSeen> {
  return stage.until<VolumeSeen>(`${service} is healthy on ${node.name}`, seconds, async () => {
    const ask = `for id in $(docker ps -q --filter label=com.docker.swarm.service.name=${service}); do
  docker inspect --format '{{.State.Health.Status}}' "$id"; docker exec "$id" sh -c '${CONTENT}'
done`;
    const { code, stdout, stderr } = await stage.try(node, ask);
    const [health = "", files = "", sum = "", ...more] = stdout.trim().split("\n");
    if (code !== 0) return { waiting: stderr.trim() };
    if (health !== "healthy" || more.length > 0)
      return { waiting: stdout.trim() || "no container" };
    const sha256 = sum.split(" ")[0] ?? "";
    return { done: { node: node.name, health, files: Number(files), sha256 } };
  });
}

/** Writes three files of chance into the volume of the task that a service has on a node. */
export const fillVolume = (stage: Stage, service: string, node: NodeHandle): Promise<string> =>
  stage.on(
    node,
    `id=$(docker ps -q --filter label=com.docker.swarm.service.name=${service})
docker exec "$id" sh -c '${FILES}'`,
  );
