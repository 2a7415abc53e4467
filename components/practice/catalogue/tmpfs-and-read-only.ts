import { service, tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const tmpfsAndReadOnly: Exercise = {
  name: "tmpfs-and-read-only",
  topic: "volumes: mounts of a service",
  domain: "storage",
  minutes: 3,
  difficulty: 2,
  task: "Run a service web from {image}:1 with one task that cannot write to its own file system, with the exception of /tmp, which is kept in memory and is at most 16 MiB (16777216 bytes) large.",
  checks: [
    {
      says: "its file system is read-only",
      on: "leader",
      ask: service("web", "{{.Spec.TaskTemplate.ContainerSpec.ReadOnly}}"),
      expected: "true",
      holds: (text) => text === "true",
      why: "A task that can write leaves files that go with it, and that nobody sees.",
    },
    {
      says: "/tmp is in memory, with that size",
      on: "leader",
      ask: service(
        "web",
        "{{range .Spec.TaskTemplate.ContainerSpec.Mounts}}{{.Type}} {{.Target}} {{with .TmpfsOptions}}{{.SizeBytes}}{{end}}{{end}}",
      ),
      expected: "tmpfs /tmp 16777216",
      holds: (text) => text === "tmpfs /tmp 16777216",
      why: "Without a size it may take half of the node's memory.",
    },
    tasksRun("web", 1, "the task runs"),
  ],
  hints: [
    "Two options: one for the file system, one for the mount.",
    "--read-only, and --mount type=tmpfs,...",
    "--mount type=tmpfs,target=/tmp,tmpfs-size=...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name web --read-only --mount type=tmpfs,target=/tmp,tmpfs-size=16777216 {image}:1",
      says: "What is in /tmp is gone with the task, and never on a disk.",
    },
  ],
  wrong: [
    {
      says: "a volume, which is on the disk and stays",
      commands: [
        {
          on: "leader",
          type: "docker service create -d --name web --read-only --mount type=volume,source=web-tmp,target=/tmp {image}:1",
        },
      ],
      refusedBy: "/tmp is in memory, with that size",
    },
  ],
};
