import { service, tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const logRotation: Exercise = {
  name: "log-rotation",
  topic: "engine configuration: log driver and rotation",
  domain: "installation",
  minutes: 2,
  difficulty: 1,
  task: "web talks a lot, and its nodes' disks fill up. Have each of its tasks keep at most three files of one megabyte (1m), in the format json-file, without touching any engine.",
  setUp: [{ on: "leader", type: "docker service create -d --name web {image}:1" }],
  checks: [
    {
      says: "web's logs are rotated",
      on: "leader",
      ask: service(
        "web",
        '{{with .Spec.TaskTemplate.LogDriver}}{{.Name}} {{index .Options "max-size"}} {{index .Options "max-file"}}{{end}}',
      ),
      expected: "json-file 1m 3",
      holds: (text) => text === "json-file 1m 3",
      why: "Without options json-file grows until the disk is full, and with it the Raft log of a manager.",
    },
    tasksRun(
      "web",
      1,
      "its task runs with it",
      "An option that the driver does not know keeps the task from starting.",
    ),
  ],
  hints: [
    "A service may have a log driver of its own.",
    "--log-driver and --log-opt",
    "docker service update --log-driver json-file --log-opt max-size=1m ... web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service update --quiet --log-driver json-file --log-opt max-size=1m --log-opt max-file=3 web",
      says: "For all containers of an engine the same goes into daemon.json, for those made after it.",
    },
  ],
  wrong: [
    {
      says: "the size alone, which keeps one file",
      commands: [
        {
          on: "leader",
          type: "docker service update --quiet --detach --log-driver json-file --log-opt max-size=1m web",
        },
      ],
      refusedBy: "web's logs are rotated",
    },
  ],
};
