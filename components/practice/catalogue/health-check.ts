import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const healthCheck: Exercise = {
  name: "health-check",
  topic: "health checks",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "A task of web that answers no more has to be replaced by itself. Update web so that each task is asked every 2 seconds with the command `healthcheck`, which is in the image, and counts as unhealthy after 3 failures.",
  setUp: [{ on: "leader", type: "docker service create -d --name web --replicas 2 {image}:1" }],
  checks: [
    {
      says: "web is asked every 2 seconds, and has three tries",
      on: "leader",
      ask: service(
        "web",
        "{{with .Spec.TaskTemplate.ContainerSpec.Healthcheck}}{{.Test}} {{.Interval}} {{.Retries}}{{end}}",
      ),
      expected: "[CMD-SHELL healthcheck] 2s 3",
      holds: (text) => text === "[CMD-SHELL healthcheck] 2s 3",
      why: "Without a check only the end of its process makes a task count as failed.",
    },
    {
      says: "both tasks run and were found healthy",
      on: "leader",
      ask: `${running("web")} | wc -l`,
      expected: "2",
      holds: (text) => text === "2",
      why: "A task with a check is Running only once it has been found healthy.",
    },
  ],
  hints: [
    "`docker service update --help | grep health`",
    "docker service update --health-cmd ... --health-interval ... --health-retries ... web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service update --quiet --health-cmd healthcheck --health-interval 2s --health-retries 3 web",
      says: "Unhealthy tasks are killed and replaced by the restart policy.",
    },
  ],
  wrong: [
    {
      says: "a command that always fails",
      commands: [
        {
          on: "leader",
          type: "docker service update --quiet --detach --health-cmd 'wget -q -O - 127.0.0.1:9' --health-interval 2s --health-retries 3 web",
        },
      ],
      refusedBy: "web is asked every 2 seconds, and has three tries",
    },
  ],
};
