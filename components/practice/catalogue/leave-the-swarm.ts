import { tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const leaveTheSwarm: Exercise = {
  name: "leave-the-swarm",
  topic: "swarm init and join",
  domain: "installation",
  minutes: 4,
  difficulty: 2,
  task: "{worker-2} is to be given back. Take it out of the swarm so that its tasks have moved before it goes, it knows itself that it is in none, and no entry of it is left.",
  setUp: [{ on: "leader", type: "docker service create -d --name web --replicas 4 {image}:1" }],
  checks: [
    {
      says: "{worker-2} is in no swarm by its own word",
      on: "worker-2",
      ask: "docker info --format '{{.Swarm.LocalNodeState}}'",
      expected: "inactive",
      holds: (text) => text === "inactive",
      why: "An entry that is removed does not tell the node: it goes on trying to reach its managers.",
    },
    {
      says: "no entry of it is left",
      on: "leader",
      ask: "docker node ls --format '{{.Hostname}}' | grep -cx {worker-2} || true",
      expected: "0",
      holds: (text) => text === "0",
      why: "A node that has left stays in the list as Down until its entry is removed.",
    },
    tasksRun(
      "web",
      4,
      "web runs its four tasks",
      "Tasks of a node that goes without a word are missed only when its heartbeat is.",
    ),
  ],
  hints: [
    "Three commands: two on a manager, one on the node itself.",
    "Drain, leave, remove.",
    "`docker swarm leave` takes no node: it is typed on {worker-2}.",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node update --availability drain {worker-2}",
      says: "Its tasks start elsewhere first.",
    },
    {
      on: "worker-2",
      type: "docker swarm leave",
      says: "The node forgets the swarm: its certificate and its key go.",
    },
    {
      on: "leader",
      type: "until docker node rm {worker-2}; do sleep 1; done",
      says: "The entry can go as soon as the managers see the node as Down.",
    },
  ],
  wrong: [
    {
      says: "only the entry removed, by force",
      commands: [{ on: "leader", type: "docker node rm --force {worker-2}" }],
      refusedBy: "{worker-2} is in no swarm by its own word",
    },
  ],
};
