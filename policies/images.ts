import type { Problem } from "../components/errors.ts";
import { isFloating } from "../components/image-reference.ts";
import type { PolicyResource, ResourcePolicy } from "./policy.ts";
import { at } from "./reading.ts";

/** Where a resource of each type names its image. */
type Places = Readonly<Record<string, readonly string[]>>;

/** What nodes themselves run as. */
const MACHINES: Places = {
  "docker:index/container:Container": ["image"],
  "docker:index/remoteImage:RemoteImage": ["name"],
};
const SERVICES: Places = {
  "docker:index/service:Service": ["taskSpec", "containerSpec", "image"],
};

const judge =
  (places: Places) =>
  ({ type, name, inputs }: PolicyResource): Problem[] => {
    const path = places[type];
    const image = path && at(inputs, ...path);
    if (path === undefined || typeof image !== "string" || !isFloating(image)) return [];
    const need =
      "an exact tag or a digest: nodes that pull at different times run different images";
    const fix = 'write such as "nginx:1.27" or "nginx@sha256:..."';
    return [{ where: `${name}.${path.join(".")}`, got: JSON.stringify(image), need, fix }];
  };

/** Which engine `latest` is depends on the day: a restore needs the version that wrote the backup. */
export const pinnedImages: ResourcePolicy = {
  name: "pinned-images",
  description: "Every container's image has a digest or an exact tag, never latest.",
  level: "mandatory",
  judge: judge(MACHINES),
};

/** A service of the user's own may float: the configuration warns of it and does not refuse it. */
export const pinnedServiceImages: ResourcePolicy = {
  name: "pinned-service-images",
  description: "Every service's image has a digest or an exact tag, never latest.",
  level: "advisory",
  judge: judge(SERVICES),
};
