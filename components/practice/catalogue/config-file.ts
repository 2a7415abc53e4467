import { countRunning, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const configFile: Exercise = {
  name: "config-file",
  topic: "configs and secrets: create, use, rotate, remove while in use",
  domain: "orchestration",
  minutes: 3,
  difficulty: 1,
  task: "Run a service web from {image}:1 whose tasks find the line `colour = blue` in the file /etc/web.conf, on whichever node they start. Nothing may be copied to a node by hand.",
  checks: [
    {
      says: "a config of the swarm is mounted at /etc/web.conf",
      on: "leader",
      ask: service(
        "web",
        "{{range .Spec.TaskTemplate.ContainerSpec.Configs}}{{.File.Name}} {{end}}",
      ),
      expected: "/etc/web.conf",
      holds: (text) => text === "/etc/web.conf",
      why: "A bind mount needs the file on every node; a config comes with the task.",
    },
    {
      says: "the task reads the line",
      on: "leader",
      ask: `id=$(docker config ls -q | xargs -r docker config inspect --format '{{.ID}} {{printf "%s" .Spec.Data}}' | grep 'colour = blue' | cut -d ' ' -f 1)
[ -n "$id" ]
docker service inspect --format '{{range .Spec.TaskTemplate.ContainerSpec.Configs}}{{.ConfigID}} {{end}}' web | grep -c "$id"
${countRunning("web")}`,
      expected: "the config has the line, and a task runs",
      holds: (text) => text === "1\n1",
      why: "`docker config inspect --pretty` shows what a config holds.",
    },
  ],
  hints: [
    "A config is made like a secret, and may be read by whoever may inspect it.",
    "`docker config create NAME -` reads standard input.",
    "docker service create --config source=...,target=/etc/web.conf ...",
  ],
  solution: [
    {
      on: "leader",
      type: "echo 'colour = blue' | docker config create web-conf-1 -",
      says: "An object of the swarm, kept by the managers.",
    },
    {
      on: "leader",
      type: "docker service create -d --name web --config source=web-conf-1,target=/etc/web.conf {image}:1",
      says: "A config may be mounted anywhere; without a target it is at /web-conf-1.",
    },
  ],
  wrong: [
    {
      says: "the config without a target",
      commands: [
        { on: "leader", type: "echo 'colour = blue' | docker config create web-conf-1 -" },
        { on: "leader", type: "docker service create -d --name web --config web-conf-1 {image}:1" },
      ],
      refusedBy: "a config of the swarm is mounted at /etc/web.conf",
    },
  ],
};
