import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const pendingTask: Exercise = {
  name: "pending-task",
  topic: "what to look at when a task stays pending",
  domain: "orchestration",
  minutes: 4,
  difficulty: 2,
  task: "The service report does not start. Find out why, and have its task run, with the memory it asks for left as it is.",
  symptom: "The nightly report did not come. `docker service ls` shows report with 0/1.",
  cause: "a service is bound to a label that no node has",
  setUp: [
    {
      on: "leader",
      type: "docker service create -d --name report --reserve-memory 16MiB --constraint node.labels.disk==nvme {image}:1",
    },
  ],
  checks: [
    {
      says: "the task of report runs",
      on: "leader",
      ask: `${running("report")} | wc -l`,
      expected: "1",
      holds: (text) => text === "1",
      why: "`docker service ps --no-trunc report` says in its last column what the scheduler misses.",
    },
    {
      says: "its reservation is what it was",
      on: "leader",
      ask: service("report", "{{.Spec.TaskTemplate.Resources.Reservations.MemoryBytes}}"),
      expected: "16777216",
      holds: (text) => text === "16777216",
      why: "The memory was not what kept it from starting.",
    },
  ],
  hints: [
    "A task that is pending has not been given to a node: no node's log knows of it.",
    "`docker service ps --no-trunc report` and `docker service inspect --pretty report`.",
    "Either a node gets what the constraint asks for, or the constraint goes.",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service ps --no-trunc --format '{{.CurrentState}} {{.Error}}' report",
      says: "no suitable node (scheduling constraints not satisfied on ...): a constraint that no node meets.",
    },
    {
      on: "leader",
      type: "docker node update --label-add disk=nvme {worker-1}",
      says: "The scheduler looks again as soon as a node changes; the task starts by itself.",
    },
  ],
  wrong: [
    {
      says: "more tasks, which stay pending as well",
      commands: [{ on: "leader", type: "docker service scale -d report=2" }],
      refusedBy: "the task of report runs",
    },
  ],
};
