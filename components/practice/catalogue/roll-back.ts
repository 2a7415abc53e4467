import { running, service, started } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const rollBack: Exercise = {
  name: "roll-back",
  topic: "pause on failure, automatic and manual rollback",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "Somebody has updated web to an image that does not exist. Bring it back to the one it had before, without naming that image.",
  symptom: "Users of web say that it answers, but that the release of this morning is not there.",
  cause: "an update named an image that does not exist, and was paused",
  setUp: [
    {
      on: "leader",
      type: started("web", 3),
    },
    {
      on: "leader",
      type: "docker service update --quiet --detach --image {image}:none web >/dev/null 2>&1",
    },
  ],
  checks: [
    {
      says: "web was rolled back",
      on: "leader",
      ask: service("web", "{{with .UpdateStatus}}{{.State}}{{end}}"),
      expected: "rollback_completed",
      holds: (text) => text === "rollback_completed",
      why: "An update to the old image by name brings that image back, and leaves behind whatever else was changed with it.",
    },
    {
      says: "three tasks of web run the old image",
      on: "leader",
      ask: running("web"),
      expected: "three lines with {image}:1",
      holds: (text) => /^(\S+ \S+\/app:1\S*\n?){3}$/.test(text),
      why: "`docker service ps --no-trunc web` tells what became of each task.",
    },
  ],
  hints: [
    "`docker service ps --no-trunc web`: what does the newest task say?",
    "The swarm keeps the specification from before the last update.",
    "docker service rollback web",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service ps --no-trunc --format '{{.Name}} {{.Image}} {{.Error}}' web",
      says: "The new task is rejected: there is no such image. The default policy has paused the update.",
    },
    {
      on: "leader",
      type: "docker service rollback --quiet web",
      says: "The previous specification comes back as a whole: image, environment, mounts and all.",
    },
  ],
  wrong: [
    {
      says: "a new update to the old image",
      commands: [
        { on: "leader", type: "docker service update --quiet --detach --image {image}:1 web" },
      ],
      refusedBy: "web was rolled back",
    },
  ],
};
