import { service, tasksRun } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const whatTheLogSays: Exercise = {
  name: "what-the-log-says",
  topic: "service logs",
  domain: "orchestration",
  minutes: 3,
  difficulty: 1,
  task: "The task of web ends as soon as it has begun, again and again. It says why. Give it what it wants, and leave its command as it is.",
  symptom: "Nobody gets an answer from web, and `docker service ls` says 0/1 most of the time.",
  cause: "a program ends at once for want of a setting",
  setUp: [
    {
      on: "leader",
      type: `docker service create --detach --quiet --name web --restart-delay 2s --entrypoint sh {image}:1 \\
-c '[ "$COLOUR" = green ] || { echo "fatal: COLOUR is <\${COLOUR:-nothing}>, need <green>" >&2; exit 4; }; exec sleep 86400' >/dev/null`,
    },
  ],
  checks: [
    tasksRun("web", 1, "its task runs", "`docker service logs web` has its last words."),
    {
      says: "web has the setting it wants",
      on: "leader",
      ask: service("web", "{{range .Spec.TaskTemplate.ContainerSpec.Env}}{{println .}}{{end}}"),
      expected: "COLOUR=green",
      holds: (text) => text.split("\n").includes("COLOUR=green"),
      why: "The environment of a service is part of its specification; a container that is changed by hand is replaced.",
    },
    {
      says: "its command is what it was",
      on: "leader",
      ask: service(
        "web",
        "{{index .Spec.TaskTemplate.ContainerSpec.Command 0}} {{index .Spec.TaskTemplate.ContainerSpec.Args 0}}",
      ),
      expected: "sh -c",
      holds: (text) => text === "sh -c",
      why: "Another command runs, but it is not the program that was wanted.",
    },
  ],
  hints: [
    "`docker service ps web` tells that it ended, and with which code.",
    "`docker service logs` collects what all tasks of a service wrote, also of those that are over.",
    "docker service update --env-add ... web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service ps --no-trunc --format '{{.Name}} {{.CurrentState}} {{.Error}}' web | head -n 3",
      says: "Non-zero exit (4): the program itself gave up.",
    },
    {
      on: "leader",
      type: "until timeout 10 docker service logs --tail 3 web 2>&1; do sleep 1; done",
      says: "The managers ask the nodes that have the containers for what they wrote. No shell on the node is needed. While a new task has no node yet it ends with an error, after the others' words; ask again.",
    },
    {
      on: "leader",
      type: "docker service update --quiet --env-add COLOUR=green web",
      says: "A new specification, and so new tasks.",
    },
  ],
  wrong: [
    {
      says: "a command that only stays up",
      commands: [
        {
          on: "leader",
          type: "docker service update --quiet --detach --entrypoint sleep --args 86400 web",
        },
      ],
      refusedBy: "web has the setting it wants",
    },
  ],
};
