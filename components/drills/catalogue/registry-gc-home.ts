import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { REGISTRY_SERVICE, scaleRegistry } from "./registry-access.ts";

/** The registry as its node has it: the image it runs and the volume its data is on. */
export interface Home {
  readonly node: string;
  readonly image: string;
  readonly volume: string;
}

const CONTAINER = `docker ps -q --filter label=com.docker.swarm.service.name=${REGISTRY_SERVICE}`;
const COLLECT = "garbage-collect";
const CONFIG = "/etc/docker/registry/config.yml";
/** The collector names every layer; its last word, how many it keeps and how many go, is enough. */
const COUNT = "grep 'blobs marked'";

/** Where the registry is: the worker that runs it, with its image and its volume. */
export async function homeOf(stage: Stage): Promise<{ home: Home; node: NodeHandle }> {
  for (const node of stage.workers) {
    const format = `{{.Image}} {{range .Mounts}}{{if eq .Destination "/var/lib/registry"}}{{.Name}}{{end}}{{end}}`;
    const { stdout } = await stage.try(node, `docker inspect --format '${format}' $(${CONTAINER})`);
    const [image = "", volume = ""] = stdout.trim().split(" ");
    if (image !== "" && volume !== "") return { node, home: { node: node.name, image, volume } };
  }
  throw new Error("no worker runs the registry with its data on a volume");
}

/** A command of the registry's own image on its data, while no registry runs. */
const beside = ({ image, volume }: Home, entrypoint: string, command: string) =>
  `docker run --rm --network none --label swarm-lab.drill --volume ${volume}:/var/lib/registry --entrypoint ${entrypoint} ${image} ${command}`;

/** KiB of the registry's data. */
export const sizeOf = async (stage: Stage, node: NodeHandle) =>
  Number(
    (await stage.on(node, `docker exec $(${CONTAINER}) du -sk /var/lib/registry`)).split(/\s/)[0],
  );

/** The command that collects in the registry while it runs. */
export const collectInside = (options: string) =>
  `docker exec $(${CONTAINER}) docker-registry ${COLLECT} ${options} ${CONFIG} 2>&1 | ${COUNT}`;

/** The right order: nobody writes, then what is not needed goes, then it starts with nothing in its memory. */
export async function collectOff(stage: Stage, node: NodeHandle, home: Home): Promise<void> {
  await scaleRegistry(stage, 0);
  const collect = beside(home, "docker-registry", `${COLLECT} ${CONFIG}`);
  await stage.on(node, `${collect} 2>&1 | ${COUNT}`, { seconds: 60 });
  await scaleRegistry(stage, 1);
}
