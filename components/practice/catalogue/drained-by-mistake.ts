import { counted, node, places } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const drainedByMistake: Exercise = {
  name: "drained-by-mistake",
  topic: "spread preference and rebalance",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "All tasks of web run on one worker. Have them run on both again, two and two.",
  symptom:
    "{worker-1} is busy, {worker-2} does nothing, and web, with its four tasks, has become slow.",
  cause: "a node takes no tasks: it was drained, and forgotten",
  setUp: [
    { on: "leader", type: "docker node update --availability drain {worker-2} >/dev/null" },
    { on: "leader", type: "docker service create -d --name web --replicas 4 {image}:1" },
  ],
  checks: [
    {
      says: "{worker-2} takes tasks",
      on: "leader",
      ask: node("{worker-2}", "{{.Spec.Availability}}"),
      expected: "active",
      holds: (text) => text === "active",
      why: "As long as it is drained, nothing is placed there.",
    },
    {
      says: "web runs two tasks on each worker",
      on: "leader",
      ask: places("web"),
      expected: "two and two",
      holds: (text) => {
        const counts = Object.values(counted(text));
        return counts.length === 2 && counts.every((count) => count === 2);
      },
      why: "Nothing moves back by itself to a node that has come back: the tasks have to be started anew.",
    },
  ],
  hints: [
    "`docker node ls`: look at every column.",
    "A node that is active again gets only new tasks.",
    "docker service update --force ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node update --availability active {worker-2}",
      says: "Somebody drained it and forgot.",
    },
    {
      on: "leader",
      type: "docker service update --quiet --force web",
      says: "Starts all tasks anew, one after another; each is placed on the node with the fewest.",
    },
  ],
  wrong: [
    {
      says: "the node back, and nothing else",
      commands: [{ on: "leader", type: "docker node update --availability active {worker-2}" }],
      refusedBy: "web runs two tasks on each worker",
    },
  ],
};
