import { running, service, started } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const pausedUpdate: Exercise = {
  name: "paused-update",
  topic: "rolling update: pause on failure",
  domain: "orchestration",
  minutes: 4,
  difficulty: 3,
  task: "An update of web to {image}:2 has stopped on its way. Finish it: all three tasks run {image}:2, and the swarm calls the update completed.",
  symptom:
    "Since this morning's update web has one task too few, and the others are still of the old release.",
  cause: "an update changed the entry point to a program that does not exist, and was paused",
  setUp: [
    {
      on: "leader",
      type: started("web", 3, "--update-failure-action pause "),
    },
    {
      on: "leader",
      type: "docker service update --detach --quiet --image {image}:2 --entrypoint /opt/web/start web >/dev/null",
    },
    {
      on: "leader",
      type: `for i in $(seq 60); do [ "$(docker service inspect --format '{{.UpdateStatus.State}}' web)" = paused ] && exit 0; sleep 1; done; exit 1`,
    },
  ],
  checks: [
    {
      says: "three tasks run {image}:2",
      on: "leader",
      ask: running("web"),
      expected: "three lines with {image}:2",
      holds: (text) => /^(\S+ \S+\/app:2\S*\n?){3}$/.test(text),
      why: "A rollback brings the old release back; the new one was wanted.",
    },
    {
      says: "the update is completed",
      on: "leader",
      ask: service("web", "{{with .UpdateStatus}}{{.State}}{{end}}"),
      expected: "completed",
      holds: (text) => text === "completed",
      why: "A paused update goes on only with the next one.",
    },
    {
      says: "web starts the image's own program",
      on: "leader",
      ask: service("web", "{{len .Spec.TaskTemplate.ContainerSpec.Command}}"),
      expected: "0",
      holds: (text) => text === "0",
      why: "An entry point that is named in the service wins over the image's.",
    },
  ],
  hints: [
    "`docker service inspect --pretty web` has a line on the update, and one on the entry point.",
    "`docker service ps --no-trunc web`: why did the new task not start?",
    "An empty value takes an entry point back: docker service update --entrypoint '' web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service inspect --format '{{.UpdateStatus.State}}: {{.UpdateStatus.Message}}' web",
      says: "Paused after the first task that failed; the other two were left alone.",
    },
    {
      on: "leader",
      type: "docker service ps --no-trunc --format '{{.Name}} {{.CurrentState}} {{.Error}}' web | head -n 3",
      says: "No such file: the update changed more than the image.",
    },
    {
      on: "leader",
      type: "docker service update --quiet --entrypoint '' web",
      says: "Back to the image's own program, and the update goes on with all three tasks.",
    },
  ],
  wrong: [
    {
      says: "rolled back",
      commands: [{ on: "leader", type: "docker service rollback --quiet web" }],
      refusedBy: "three tasks run {image}:2",
    },
  ],
};
