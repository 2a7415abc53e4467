import { service, tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const volumeOfANode: Exercise = {
  name: "volume-of-a-node",
  topic: "volumes: local, named; what moves with a task and what does not",
  domain: "storage",
  minutes: 3,
  difficulty: 2,
  task: "Run a service db from {image}:1 with one task whose data is in the named volume db-data, mounted at /tmp/data. A volume of this kind is one node's own: see to it that the task finds its data again whenever it is replaced.",
  checks: [
    {
      says: "the volume is mounted",
      on: "leader",
      ask: service(
        "db",
        "{{range .Spec.TaskTemplate.ContainerSpec.Mounts}}{{.Type}} {{.Source}} {{.Target}}{{end}}",
      ),
      expected: "volume db-data /tmp/data",
      holds: (text) => text === "volume db-data /tmp/data",
      why: "A mount without a source is an anonymous volume, another one for each task.",
    },
    {
      says: "the task is kept where the volume is",
      on: "leader",
      ask: service("db", "{{.Spec.TaskTemplate.Placement.Constraints}}"),
      expected: "a constraint that one node meets",
      holds: (text) => /^\[node\.(hostname|id|labels\.\S+?) ?== ?\S+\]$/.test(text),
      why: "On another node it would find an empty volume of the same name, and look healthy.",
    },
    tasksRun("db", 1, "the task runs"),
  ],
  hints: [
    "Two things: --mount, and where the task may run.",
    "--mount type=volume,source=...,target=...",
    "A constraint on the node's name, or better on a label.",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node update --label-add db=here {worker-1}",
      says: "A label can move with the data one day; a name cannot.",
    },
    {
      on: "leader",
      type: "docker service create -d --name db --constraint node.labels.db==here --mount type=volume,source=db-data,target=/tmp/data {image}:1",
      says: "The node makes the volume when the first task comes, and keeps it when the service goes.",
    },
  ],
  wrong: [
    {
      says: "the volume without a place",
      commands: [
        {
          on: "leader",
          type: "docker service create -d --name db --mount type=volume,source=db-data,target=/tmp/data {image}:1",
        },
      ],
      refusedBy: "the task is kept where the volume is",
    },
  ],
};
