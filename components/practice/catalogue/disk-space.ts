import type { Exercise } from "../exercise.ts";

export const diskSpace: Exercise = {
  name: "disk-space",
  topic: "system df, and what may go",
  domain: "storage",
  minutes: 3,
  difficulty: 2,
  task: "The disk of {worker-1} is filling up. Get back what containers that have ended and images without a name hold. The volume keep-me, which no container uses just now, and {image}:2, which none uses either, have to stay.",
  setUp: [
    {
      on: "worker-1",
      type: `for one in left-1 left-2; do docker run --name $one --entrypoint true {image}:1; done
docker commit left-1 >/dev/null; docker commit --message other left-2 >/dev/null
docker volume create keep-me >/dev/null`,
    },
  ],
  checks: [
    {
      says: "no container is left that has ended",
      on: "worker-1",
      ask: "docker ps --all --quiet --filter status=exited --filter name=left- | wc -l",
      expected: "0",
      holds: (text) => text === "0",
      why: "A container that has ended keeps its layer and its log until it is removed.",
    },
    {
      says: "no image is left without a name",
      on: "worker-1",
      ask: "docker image ls --quiet --filter dangling=true | wc -l",
      expected: "0",
      holds: (text) => text === "0",
      why: "An image whose name went to a newer one stays until somebody removes it.",
    },
    {
      says: "the volume is there",
      on: "worker-1",
      ask: "docker volume inspect --format '{{.Name}}' keep-me",
      expected: "keep-me",
      holds: (text) => text === "keep-me",
      why: "Data in a volume that nobody mounts at the moment is data all the same.",
    },
    {
      says: "so is {image}:2",
      on: "worker-1",
      ask: "docker image inspect --format x {image}:2",
      expected: "x",
      holds: (text) => text === "x",
      why: "`--all` takes every image that no container uses; the next task would have to pull it.",
    },
  ],
  hints: [
    "`docker system df` tells what holds how much.",
    "`docker system prune` says what it would remove before it asks.",
    "Neither --all nor --volumes.",
  ],
  solution: [
    { on: "worker-1", type: "docker system df", says: "RECLAIMABLE is what is not in use." },
    {
      on: "worker-1",
      type: "docker system prune --force",
      says: "Containers that have ended, networks that nobody uses, images without a name, and build cache; volumes only when asked.",
    },
  ],
  wrong: [
    {
      says: "the containers alone",
      commands: [{ on: "worker-1", type: "docker container prune --force" }],
      refusedBy: "no image is left without a name",
    },
    {
      says: "everything",
      commands: [
        {
          on: "worker-1",
          type: "docker container prune --force; docker image prune --force; docker image rm {image}:2",
        },
      ],
      refusedBy: "so is {image}:2",
    },
  ],
  cleanUp: [{ on: "worker-1", type: "docker image prune --force >/dev/null" }],
};
