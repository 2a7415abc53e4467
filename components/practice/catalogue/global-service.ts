import { places, sameWords, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const globalService: Exercise = {
  name: "global-service",
  topic: "replicated and global services",
  domain: "orchestration",
  minutes: 2,
  difficulty: 1,
  task: "A monitoring agent has to run once on every node that takes tasks, also on nodes that join later. Run it as a service named agent from {image}:1.",
  checks: [
    {
      says: "agent is global",
      on: "leader",
      ask: service("agent", "{{if .Spec.Mode.Global}}global{{else}}replicated{{end}}"),
      expected: "global",
      holds: (text) => text === "global",
      why: "Two replicas may sit on two nodes today; only a global service also reaches the node that joins tomorrow.",
    },
    {
      says: "each node that takes tasks runs one",
      on: "leader",
      ask: `docker node ls --format '{{.Hostname}} {{.Availability}}' | awk '$2 == "Active" { print $1 }' | xargs
${places("agent")}`,
      expected: "the same nodes twice",
      holds: (text) => {
        const [active = "", seen = ""] = text.split("\n");
        return active !== "" && sameWords(seen, active.split(" "));
      },
      why: "A global service puts one task on each node whose availability is active.",
    },
  ],
  hints: [
    "How many tasks a service has is its mode.",
    "`docker service create --mode ...`",
    "docker service create --name agent --mode global ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name agent --mode global {image}:1",
      says: "One task for each active node, as many as there are.",
    },
  ],
  wrong: [
    {
      says: "as many replicas as there are workers",
      commands: [
        { on: "leader", type: "docker service create -d --name agent --replicas 2 {image}:1" },
      ],
      refusedBy: "agent is global",
    },
  ],
};
