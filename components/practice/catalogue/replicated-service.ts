import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const replicatedService: Exercise = {
  name: "replicated-service",
  topic: "replicated and global services",
  domain: "orchestration",
  minutes: 2,
  difficulty: 1,
  task: "Run a service named web from the image {image}:1 with three tasks, wherever the swarm puts them.",
  checks: [
    {
      says: "web is a replicated service of three",
      on: "leader",
      ask: service("web", "{{with .Spec.Mode.Replicated}}{{.Replicas}}{{end}}"),
      expected: "3",
      holds: (text) => text === "3",
      why: "A replicated service has as many tasks as it is told; a global one has one on each node.",
    },
    {
      says: "three tasks of web run, from that image",
      on: "leader",
      ask: running("web"),
      expected: "three lines with {image}:1",
      holds: (text) => /^(\S+ \S+\/app:1\S*\n?){3}$/.test(text),
      why: "What a service wants is not yet what runs: `docker service ps web` tells each task's state and error.",
    },
  ],
  hints: [
    "A service is made on a manager.",
    "`docker service create --help` names the option for the number of tasks.",
    "docker service create --name web --replicas 3 ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name web --replicas 3 {image}:1",
      says: "Three tasks are wanted; the scheduler puts each on the node that has the fewest of this service.",
    },
  ],
  wrong: [
    {
      says: "a global service, which has two tasks where there are two workers",
      commands: [
        { on: "leader", type: "docker service create -d --name web --mode global {image}:1" },
      ],
      refusedBy: "web is a replicated service of three",
    },
  ],
};
