import { service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const hostPort: Exercise = {
  name: "host-port",
  topic: "ingress against host publishing",
  domain: "networking",
  minutes: 3,
  difficulty: 2,
  task: "Run a service web from {image}:1 as one task on each worker. Port 8090 of a worker has to lead to the task on that same worker, without the routing mesh; the task listens on 8080.",
  checks: [
    {
      says: "the port is published by the node itself",
      on: "leader",
      ask: service(
        "web",
        "{{range .Spec.EndpointSpec.Ports}}{{.PublishedPort}} {{.TargetPort}} {{.PublishMode}}{{end}}",
      ),
      expected: "8090 8080 host",
      holds: (text) => text === "8090 8080 host",
      why: "Published through ingress, any node leads to any task.",
    },
    {
      says: "{worker-2} answers on 8090 with its own task",
      on: "worker-2",
      ask: "curl -sS --max-time 5 http://127.0.0.1:8090/health",
      expected: "ok",
      holds: (text) => text === "ok",
      why: "No task runs there, or its port is another one.",
    },
    {
      says: "each worker has one",
      on: "leader",
      ask: service("web", "{{if .Spec.Mode.Global}}global{{else}}replicated{{end}}"),
      expected: "global",
      holds: (text) => text === "global",
      why: "Two replicas can meet on one node; the second one then finds its port taken and stays pending.",
    },
  ],
  hints: [
    "The long form of --publish has a mode.",
    "One task for each node is a mode of the service.",
    "--publish mode=host,published=8090,target=8080",
  ],
  solution: [
    {
      on: "leader",
      type: "docker service create -d --name web --mode global --publish mode=host,published=8090,target=8080 {image}:1",
      says: "No IPVS and no ingress network is involved; a balancer in front has to know the nodes.",
    },
  ],
  wrong: [
    {
      says: "two replicas, which happen to be on both",
      commands: [
        {
          on: "leader",
          type: "docker service create -d --name web --replicas 2 --publish mode=host,published=8090,target=8080 {image}:1",
        },
      ],
      refusedBy: "each worker has one",
    },
  ],
};
