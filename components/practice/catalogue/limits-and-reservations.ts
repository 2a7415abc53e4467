import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const limitsAndReservations: Exercise = {
  name: "limits-and-reservations",
  topic: "resource limits and reservations",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "web runs from {image}:1. Let no task of it use more than half a processor and 64 MiB of memory, and let the scheduler place a task only where 32 MiB are still unclaimed.",
  setUp: [{ on: "leader", type: "docker service create -d --name web --replicas 2 {image}:1" }],
  checks: [
    {
      says: "the limits are half a processor and 64 MiB",
      on: "leader",
      ask: service(
        "web",
        "{{with .Spec.TaskTemplate.Resources.Limits}}{{.NanoCPUs}} {{.MemoryBytes}}{{end}}",
      ),
      expected: "500000000 67108864",
      holds: (text) => text === "500000000 67108864",
      why: "A limit is what the kernel enforces: above it a task is throttled, or killed.",
    },
    {
      says: "32 MiB are reserved",
      on: "leader",
      ask: service(
        "web",
        "{{with .Spec.TaskTemplate.Resources.Reservations}}{{.MemoryBytes}}{{end}}",
      ),
      expected: "33554432",
      holds: (text) => text === "33554432",
      why: "A reservation is what the scheduler counts; nothing stops a task from using more.",
    },
    {
      says: "both tasks run with it",
      on: "leader",
      ask: `${running("web")} | wc -l`,
      expected: "2",
      holds: (text) => text === "2",
      why: "An update replaces the tasks; give it a moment, or look at `docker service ps web`.",
    },
  ],
  hints: [
    "`docker service update --help | grep -E 'limit|reserve'`",
    "docker service update --limit-cpu ... --limit-memory ... --reserve-memory ... web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service update --quiet --limit-cpu 0.5 --limit-memory 64MiB --reserve-memory 32MiB web",
      says: "Limits are the kernel's (cgroups), reservations the scheduler's.",
    },
  ],
  wrong: [
    {
      says: "the two mixed up",
      commands: [
        {
          on: "leader",
          type: "docker service update --quiet --detach --reserve-cpu 0.5 --reserve-memory 64MiB --limit-memory 32MiB web",
        },
      ],
      refusedBy: "the limits are half a processor and 64 MiB",
    },
  ],
};
