import { places, resetEngine, service, setEngine } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { containers } from "../needs.ts";

export const engineLabel: Exercise = {
  name: "engine-label",
  topic: "engine configuration: daemon.json, labels",
  domain: "installation",
  minutes: 4,
  difficulty: 2,
  needs: containers,
  task: "{worker-2} has a fast disk, and its own engine is to say so: give it the engine label disk=fast in /etc/docker/daemon.json, without a restart. Then run a service db from {image}:1 with two tasks that may run only where an engine says disk=fast.",
  checks: [
    {
      says: "the engine of {worker-2} says disk=fast",
      on: "leader",
      ask: "docker node inspect --format '{{index .Description.Engine.Labels \"disk\"}}' {worker-2}",
      expected: "fast",
      holds: (text) => text === "fast",
      why: "A label of the engine is the machine's own word; a label of the node is the swarm's, and any manager can change it.",
    },
    {
      says: "db asks for such an engine",
      on: "leader",
      ask: service("db", "{{json .Spec.TaskTemplate.Placement.Constraints}}"),
      expected: "engine.labels.disk==fast",
      holds: (text) => /"engine\.labels\.disk\s*==\s*fast"/.test(text),
      why: "node.labels and engine.labels are two lists.",
    },
    {
      says: "both tasks run there",
      on: "leader",
      ask: places("db"),
      expected: "{worker-2} twice",
      holds: (text) => {
        const [one, other, more] = text.split(" ");
        return one !== undefined && one === other && more === undefined;
      },
      why: "`docker service ps --no-trunc db` says why not.",
    },
  ],
  hints: [
    'daemon.json is JSON: {"labels": ["key=value"]}',
    "The engine reads it again on the signal HUP; the managers hear of it within some twenty seconds.",
    "docker service create --constraint engine.labels.disk==fast ...",
  ],
  solution: [
    {
      on: "worker-2",
      type: setEngine('{"labels": ["disk=fast"]}'),
      says: "Labels are among the settings that an engine takes without a restart.",
    },
    {
      on: "leader",
      type: "until docker node inspect --format '{{.Description.Engine.Labels}}' {worker-2} | grep disk:fast; do sleep 1; done",
      says: "An engine tells its managers what it is every twenty seconds.",
    },
    {
      on: "leader",
      type: "docker service create --quiet --detach --name db --replicas 2 --constraint engine.labels.disk==fast {image}:1",
      says: "No other engine qualifies.",
    },
  ],
  wrong: [
    {
      says: "a label of the node",
      commands: [
        { on: "leader", type: "docker node update --label-add disk=fast {worker-2}" },
        {
          on: "leader",
          type: "docker service create --quiet --detach --name db --replicas 2 --constraint node.labels.disk==fast {image}:1",
        },
      ],
      refusedBy: "db asks for such an engine",
    },
  ],
  cleanUp: [
    {
      on: "worker-2",
      type: resetEngine('{"labels": []}', "[ \"$(docker info --format '{{len .Labels}}')\" = 0 ]"),
    },
  ],
};
