import { node, places, running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const constraintByLabel: Exercise = {
  name: "constraint-by-label",
  topic: "node labels and constraints",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "{worker-2} has a fast disk. Say so with the node label disk=ssd, and run a service db from {image}:1 with two tasks that may only run on nodes with that label. No name of a node may be in the service.",
  checks: [
    {
      says: "{worker-2} has the label disk=ssd",
      on: "leader",
      ask: node("{worker-2}", '{{index .Spec.Labels "disk"}}'),
      expected: "ssd",
      holds: (text) => text === "ssd",
      why: "A label of the engine (daemon.json) is another thing: it is in `engine.labels`.",
    },
    {
      says: "db is bound to the label",
      on: "leader",
      ask: service("db", "{{.Spec.TaskTemplate.Placement.Constraints}}"),
      expected: "[node.labels.disk==ssd]",
      holds: (text) => /^\[node\.labels\.disk ?== ?ssd\]$/.test(text),
      why: "Bound to a name, the service does not move when another node gets the fast disk.",
    },
    {
      says: "its two tasks run on {worker-2}",
      on: "leader",
      ask: `${running("db")} | wc -l; ${places("db")} | tr ' ' '\\n' | sort -u; echo {worker-2}`,
      expected: "2 tasks, {worker-2}",
      holds: (text) => {
        const [count, where, wanted] = text.split("\n");
        return count === "2" && where === wanted;
      },
      why: "`docker service ps db` says where each task is, and why one is still pending.",
    },
  ],
  hints: [
    "The label first: it belongs to the node as the swarm sees it.",
    "docker node update --label-add ...",
    "docker service create --constraint node.labels.... ",
  ],
  solution: [
    {
      on: "leader",
      type: "docker node update --label-add disk=ssd {worker-2}",
      says: "Node labels are set on a manager; a worker cannot give itself one.",
    },
    {
      on: "leader",
      type: "docker service create -d --name db --replicas 2 --constraint node.labels.disk==ssd {image}:1",
      says: "A constraint filters the nodes; where none is left, tasks stay pending.",
    },
  ],
  wrong: [
    {
      says: "the node's name as the constraint",
      commands: [
        { on: "leader", type: "docker node update --label-add disk=ssd {worker-2}" },
        {
          on: "leader",
          type: "docker service create -d --name db --replicas 2 --constraint node.hostname=={worker-2} {image}:1",
        },
      ],
      refusedBy: "db is bound to the label",
    },
  ],
  claim: {
    says: "Labels and constraints place tasks",
    shows:
      "a task runs only where the label is; a preference (spread) only chooses among such nodes",
    holds: "yes",
  },
};
