import { counted, places, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const spreadOverZones: Exercise = {
  name: "spread-over-zones",
  topic: "spread preference and rebalance",
  domain: "orchestration",
  minutes: 2,
  difficulty: 2,
  task: "Run a service web from {image}:1 with four tasks that the swarm spreads evenly over the values of the node label zone.",
  checks: [
    {
      says: "web prefers to be spread over zones",
      on: "leader",
      ask: service(
        "web",
        "{{range .Spec.TaskTemplate.Placement.Preferences}}{{.Spread.SpreadDescriptor}} {{end}}",
      ),
      expected: "node.labels.zone",
      holds: (text) => text === "node.labels.zone",
      why: "By default tasks are spread over nodes: where a zone has more of them, it gets more tasks.",
    },
    {
      says: "its four tasks are spread evenly",
      on: "leader",
      ask: places("web"),
      expected: "two and two",
      holds: (text) => {
        const counts = Object.values(counted(text));
        return counts.length === 2 && counts.every((count) => count === 2);
      },
      why: "A preference counts when a task is placed: tasks that run are not moved for it.",
    },
  ],
  hints: [
    "It is no constraint: nothing is excluded.",
    "`--placement-pref`",
    "docker service create --placement-pref spread=node.labels.zone ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name web --replicas 4 --placement-pref spread=node.labels.zone {image}:1",
      says: "The tasks are dealt out to the values of the label first, then to the nodes of each.",
    },
  ],
  wrong: [
    {
      says: "no preference, which looks the same where each zone has one worker",
      commands: [
        { on: "leader", type: "docker service create -d --name web --replicas 4 {image}:1" },
      ],
      refusedBy: "web prefers to be spread over zones",
    },
  ],
  claim: {
    says: "Scheduling strategies: spread, binpack, random, affinity filters",
    shows: "swarm mode only spreads; preferences and constraints take the place of the others",
    holds: "no",
  },
};
