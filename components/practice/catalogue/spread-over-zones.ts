import { counted, places, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const spreadOverZones: Exercise = {
  name: "spread-over-zones",
  topic: "spread preference and rebalance",
  domain: "orchestration",
  minutes: 2,
  difficulty: 2,
  task: "Run a service web from {image}:1 with four tasks that the swarm spreads over the values of the node label zone.",
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
      says: "its four tasks run, in both zones that take tasks",
      on: "leader",
      ask: places("web"),
      expected: "four, on both workers",
      // Three and one as well (2 of 6 times on 26.1.5): a zone with no node but a drained manager is counted. Without it: 6 of 6 even.
      holds: (text) => {
        const counts = Object.values(counted(text));
        return counts.length === 2 && counts.reduce((sum, count) => sum + count) === 4;
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
      says: "The tasks are dealt out to the values of the label first, then to the nodes of each. It comes out as two and two, or three and one: zone c, whose manager takes no tasks, is counted when they are dealt.",
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
