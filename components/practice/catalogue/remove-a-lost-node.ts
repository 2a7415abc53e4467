import { started, tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const removeALostNode: Exercise = {
  name: "remove-a-lost-node",
  topic: "lost node",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "{worker-2} has burnt and will not come back. Its tasks have to run elsewhere, and the swarm must not know it any more.",
  setUp: [
    {
      on: "leader",
      type: started("web", 4),
    },
    { on: "here", type: "npm run --silent stop -- {worker-2}" },
  ],
  checks: [
    {
      says: "no entry of {worker-2} is left",
      on: "leader",
      ask: "docker node ls --format '{{.Hostname}}' | grep -cx {worker-2} || true",
      expected: "0",
      holds: (text) => text === "0",
      why: "A node that is Down stays in the list, with its tasks, until its entry is removed.",
    },
    tasksRun("web", 4, "web runs its four tasks"),
  ],
  hints: [
    "How does the swarm see it? `docker node ls`",
    "Nothing on the node itself can be done any more: it can neither drain nor leave.",
    "docker node rm takes a node that is Down; one that is not seen as Down yet wants --force.",
  ],
  solution: [
    {
      on: "leader",
      type: "until docker node rm {worker-2}; do sleep 2; done",
      says: "It is missed after some fifteen seconds; then it is Down, its tasks start elsewhere, and its entry can go.",
    },
  ],
  wrong: [
    {
      says: "drained, which waits for the node",
      commands: [{ on: "leader", type: "docker node update --availability drain {worker-2}" }],
      refusedBy: "no entry of {worker-2} is left",
    },
  ],
};
