import { service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const restartPolicy: Exercise = {
  name: "restart-policy",
  topic: "restart policy",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "Run a service job from {image}:1 whose one task runs the command `false`. It is to be started again only when it failed, 1 second later, and no more than 2 times in all; then it is to stay as it is.",
  checks: [
    {
      says: "job is started again on failure, twice, after a second",
      on: "leader",
      ask: service(
        "job",
        "{{with .Spec.TaskTemplate.RestartPolicy}}{{.Condition}} {{.MaxAttempts}} {{.Delay}}{{end}}",
      ),
      expected: "on-failure 2 1s",
      holds: (text) => text === "on-failure 2 1s",
      why: "By default a task is started again for ever, whatever its exit code.",
    },
    {
      says: "it failed three times, and no more is tried",
      on: "leader",
      ask: "docker service ps --format '{{.CurrentState}}' job | grep -c ^Failed",
      expected: "3",
      holds: (text) => text === "3",
      why: "The first start and two more; a task that was told something else fails for ever or ends well.",
    },
  ],
  hints: [
    "`docker service create --help | grep restart`",
    "The image's own program is its entrypoint: --entrypoint takes another.",
    "--restart-condition on-failure --restart-max-attempts 2 --restart-delay 1s --entrypoint false",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name job --restart-condition on-failure --restart-max-attempts 2 --restart-delay 1s --entrypoint false {image}:1",
      says: "What is over stays in `docker service ps`, as far back as the history goes.",
    },
  ],
  wrong: [
    {
      says: "only the condition, which tries for ever",
      commands: [
        {
          on: "leader",
          type: "docker service create -d --name job --restart-condition on-failure --restart-delay 1s --entrypoint false {image}:1",
        },
      ],
      refusedBy: "job is started again on failure, twice, after a second",
    },
  ],
};
