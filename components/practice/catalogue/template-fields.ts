import { service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const templateFields: Exercise = {
  name: "template-fields",
  topic: "templates in service fields",
  domain: "orchestration",
  minutes: 3,
  difficulty: 2,
  task: "Run a service web from {image}:1 with two tasks. Each has to know in the environment variable NODE the name of the node it runs on, and its host name has to be web- and its number (web-1, web-2).",
  checks: [
    {
      says: "web has the two templates",
      on: "leader",
      ask: service(
        "web",
        "{{.Spec.TaskTemplate.ContainerSpec.Hostname}} {{.Spec.TaskTemplate.ContainerSpec.Env}}",
      ),
      expected: "web-{{.Task.Slot}} [NODE={{.Node.Hostname}}]",
      holds: (text) =>
        /^(web|\{\{ ?\.Service\.Name ?\}\})-\{\{ ?\.Task\.Slot ?\}\} \[NODE=\{\{ ?\.Node\.Hostname ?\}\}\]$/.test(
          text,
        ),
      why: "A value that was typed is the same for every task; a template is filled in for each one.",
    },
    {
      says: "a task on {worker-1} says where it is",
      on: "worker-1",
      ask: `docker ps -q --filter label=com.docker.swarm.service.name=web | head -n 1 | xargs -I ID docker exec ID sh -c 'echo "$(hostname) $NODE"'; hostname`,
      expected: "web-1 or web-2, and {worker-1}",
      holds: (text) => {
        const [said = "", host] = text.split("\n");
        return /^web-[12] /.test(said) && said.endsWith(` ${host}`);
      },
      why: "The shell on the manager must not fill it in: quote the braces.",
    },
  ],
  hints: [
    "Some fields of a service are templates of Go's: --hostname, --mount and --env.",
    "{{.Node.Hostname}}, {{.Service.Name}}, {{.Task.Slot}}",
    "--hostname 'web-{{.Task.Slot}}'",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name web --replicas 2 --hostname 'web-{{.Task.Slot}}' --env 'NODE={{.Node.Hostname}}' {image}:1",
      says: "The node that runs the task fills them in. Node labels are not among what they know.",
    },
  ],
  wrong: [
    {
      says: "a host name that was typed",
      commands: [
        {
          on: "leader",
          type: "docker service create -d --name web --replicas 2 --hostname web-1 --env 'NODE={{.Node.Hostname}}' {image}:1",
        },
      ],
      refusedBy: "web has the two templates",
    },
  ],
};
