import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const rollingUpdate: Exercise = {
  name: "rolling-update",
  topic: "rolling update: parallelism, delay, order",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "web runs {image}:1 with three tasks. Bring it to {image}:2, one task at a time with 2 seconds between them, each new task running before its old one is stopped. The service has to keep these settings for the next update.",
  setUp: [{ on: "leader", type: "docker service create -d --name web --replicas 3 {image}:1" }],
  checks: [
    {
      says: "one at a time, the new one first",
      on: "leader",
      ask: service(
        "web",
        "{{with .Spec.UpdateConfig}}{{.Parallelism}} {{.Delay}} {{.Order}}{{end}}",
      ),
      expected: "1 2s start-first",
      holds: (text) => text === "1 2s start-first",
      why: "The default stops the old task first: with one replica that is an outage.",
    },
    {
      says: "three tasks of web run the new image",
      on: "leader",
      ask: running("web"),
      expected: "three lines with {image}:2",
      holds: (text) => /^(\S+ \S+\/app:2\S*\n?){3}$/.test(text),
      why: "`docker service ps web` shows old and new tasks, and what the update waits for.",
    },
    {
      says: "the update is over",
      on: "leader",
      ask: service("web", "{{with .UpdateStatus}}{{.State}}{{end}}"),
      expected: "completed",
      holds: (text) => text === "completed",
      why: "An update that is paused or rolled back leaves the service between two images.",
    },
  ],
  hints: [
    "One command changes the settings and the image together.",
    "`docker service update` has --update-parallelism, --update-delay and --update-order.",
    "docker service update --update-order start-first ... --image ... web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service update --quiet --update-parallelism 1 --update-delay 2s --update-order start-first --image {image}:2 web",
      says: "The settings are used for this update already, and stay in the service.",
    },
  ],
  wrong: [
    {
      says: "only the image, with the default order",
      commands: [
        { on: "leader", type: "docker service update --quiet --detach --image {image}:2 web" },
      ],
      refusedBy: "one at a time, the new one first",
    },
  ],
};
