import { service, tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const imageByDigest: Exercise = {
  name: "image-by-digest",
  topic: "registry: pull, tag, digest",
  domain: "images",
  minutes: 3,
  difficulty: 2,
  task: "The lab's service app runs an image by its digest, so that all nodes run the same one whatever happens to a tag. Run a service copy with two tasks of exactly that image, named the same way.",
  checks: [
    {
      says: "copy names the image by the digest of app's",
      on: "leader",
      ask: `${service("app", "{{.Spec.TaskTemplate.ContainerSpec.Image}}")}; ${service("copy", "{{.Spec.TaskTemplate.ContainerSpec.Image}}")}`,
      expected: "the same reference twice, with @sha256:",
      holds: (text) => {
        const [app, copy] = text.split("\n");
        return app === copy && /@sha256:[0-9a-f]{64}$/.test(app ?? "");
      },
      why: "A tag can be moved to another image; a digest is that image and no other.",
    },
    tasksRun("copy", 2, "two tasks of copy run"),
  ],
  hints: [
    "`docker service inspect --pretty app` names the image.",
    "--format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' prints it alone.",
    "docker service create --name copy --replicas 2 NAME@sha256:...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name copy --replicas 2 $(docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' app)",
      says: "With a digest nothing has to be looked up: every node gets these very bytes, or nothing.",
    },
  ],
  wrong: [
    {
      says: "a tag that today is the same image",
      commands: [
        { on: "leader", type: "docker service create -d --name copy --replicas 2 {image}:1" },
      ],
      refusedBy: "copy names the image by the digest of app's",
    },
  ],
};
