import type { Exercise } from "../exercise.ts";

export const overlayNetwork: Exercise = {
  name: "overlay-network",
  topic: "overlay networks: attachable, encrypted, subnets, isolation",
  domain: "networking",
  minutes: 3,
  difficulty: 1,
  task: "Make an overlay network named back with the subnet 172.31.240.0/24, to which containers that are no tasks can be attached as well. Then, on {worker-1}, start a container named probe from {image}:1 that is attached to it.",
  checks: [
    {
      says: "back is an overlay of the whole swarm",
      on: "leader",
      ask: "docker network inspect --format '{{.Driver}} {{.Scope}}' back",
      expected: "overlay swarm",
      holds: (text) => text === "overlay swarm",
      why: "A bridge is one node's own: tasks on another node would not be in it.",
    },
    {
      says: "with that subnet, and attachable",
      on: "leader",
      ask: "docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}}{{end}} {{.Attachable}}' back",
      expected: "172.31.240.0/24 true",
      holds: (text) => text === "172.31.240.0/24 true",
      why: "An overlay takes only tasks of services unless it was made attachable.",
    },
    {
      says: "the container probe is attached to it",
      on: "worker-1",
      ask: "docker inspect --format '{{.State.Running}} {{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{$network.IPAddress}}{{end}}' probe",
      expected: "running, in back, with one of its addresses",
      holds: (text) => /^true back 172\.31\.240\.\d+$/.test(text),
      why: "`docker run --network back` on the worker: the network comes to a node when something there needs it.",
    },
  ],
  hints: [
    "Networks of the swarm are made on a manager.",
    "`docker network create --help`: driver, subnet, attachable.",
    "docker network create --driver overlay --attachable --subnet ... back",
  ],
  solution: [
    {
      on: "leader",
      type: "docker network create --driver overlay --attachable --subnet 172.31.240.0/24 back",
      says: "The managers keep it; no key-value store is needed beside them.",
    },
    {
      on: "worker-1",
      type: "docker run -d --name probe --network back {image}:1",
      says: "The worker asks the managers for the network and for an address in it.",
    },
  ],
  wrong: [
    {
      says: "an overlay that takes tasks alone",
      commands: [
        {
          on: "leader",
          type: "docker network create --driver overlay --subnet 172.31.240.0/24 back",
        },
        { on: "worker-1", type: "docker run -d --name probe {image}:1" },
      ],
      refusedBy: "with that subnet, and attachable",
    },
  ],
};
