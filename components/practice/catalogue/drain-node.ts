import { node, places, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const drainNode: Exercise = {
  name: "drain-node",
  topic: "availability: active, pause, drain",
  domain: "orchestration",
  minutes: 2,
  difficulty: 1,
  task: "{worker-2} is to get a new disk. Take every task off it, and keep it in the swarm; the service web has to keep its four tasks.",
  setUp: [{ on: "leader", type: "docker service create -d --name web --replicas 4 {image}:1" }],
  checks: [
    {
      says: "{worker-2} is drained",
      on: "leader",
      ask: node("{worker-2}", "{{.Spec.Availability}}"),
      expected: "drain",
      holds: (text) => text === "drain",
      why: "Pause only keeps new tasks away; drain also takes off those that are there.",
    },
    {
      says: "no task of a service runs on it",
      on: "worker-2",
      ask: "docker ps -q --filter label=com.docker.swarm.service.name | wc -l",
      expected: "0",
      holds: (text) => text === "0",
      why: "The node itself still runs tasks: before a disk is taken out, look at the node and not at the list.",
    },
    {
      says: "web runs its four tasks on {worker-1}",
      on: "leader",
      ask: places("web"),
      expected: "{worker-1} four times",
      holds: (text) => text.split(" ").length === 4 && new Set(text.split(" ")).size === 1,
      why: "A drained node's tasks start elsewhere; nothing has to be scaled for it.",
    },
    {
      says: "web still wants four",
      on: "leader",
      ask: service("web", "{{.Spec.Mode.Replicated.Replicas}}"),
      expected: "4",
      holds: (text) => text === "4",
      why: "The service was not to be changed.",
    },
  ],
  hints: [
    "A node has an availability.",
    "Three values: active, pause and drain. Which one empties it?",
    "docker node update --availability ... {worker-2}",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node update --availability drain {worker-2}",
      says: "Its tasks are stopped and start on other nodes. Containers that are no tasks stay.",
    },
  ],
  wrong: [
    {
      says: "pause, which leaves what runs",
      commands: [{ on: "leader", type: "docker node update --availability pause {worker-2}" }],
      refusedBy: "{worker-2} is drained",
    },
  ],
};
