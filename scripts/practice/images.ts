import { appImage } from "../../components/drills/catalogue/app-tasks.ts";
import { execOn, runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";
import { releaseScript } from "../drills/stage/release.ts";
import { IMAGE } from "./places.ts";

/**
 * Gives every worker the two images that exercises name: `IMAGE:1`, the application, and `IMAGE:2`, its next release. Done
 * once, it costs a look. Throws a PreconditionError where no worker runs the application.
 */
export async function bringImages(workers: readonly NodeHandle[]): Promise<void> {
  const lacking = await Promise.all(
    workers.map(async (node) => {
      const there = `docker image inspect ${IMAGE}:1 ${IMAGE}:2 >/dev/null 2>&1`;
      return (await execOn(node, there)).code === 0 ? [] : [node];
    }),
  );
  const wanting = lacking.flat();
  if (wanting.length === 0) return;
  const image = await appImage({
    workers,
    on: async (node, script) => (await runOn(node, "looking for the image", script)).trim(),
    try: (node, script) => execOn(node, script),
  });
  const next = releaseScript(image, { env: { VERSION: "2" } });
  const script = `docker image tag ${image} ${IMAGE}:1
id=$(${next.replace(/^/, "\n")}
)
docker image tag "$id" ${IMAGE}:2`;
  await Promise.all(wanting.map((node) => runOn(node, "bringing the images", script)));
}
