import type { Exercise } from "../exercise.ts";

export const advertiseAddress: Exercise = {
  name: "advertise-address",
  topic: "advertise address with several interfaces",
  domain: "installation",
  minutes: 4,
  difficulty: 3,
  task: "{worker-2} has got another network card, lab-nic, with the address 172.31.250.1. Take it out of this swarm, its entry as well, and make it the first manager of a swarm of its own that other machines will reach at that address, and at no other.",
  setUp: [
    {
      on: "worker-2",
      type: "ip link add lab-nic type veth peer name lab-nic-end && ip link set lab-nic-end up && ip address add 172.31.250.1/24 dev lab-nic && ip link set lab-nic up",
    },
  ],
  checks: [
    {
      says: "{worker-2} is a manager, at that address",
      on: "worker-2",
      ask: "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.NodeAddr}}'",
      expected: "active true 172.31.250.1",
      holds: (text) => text === "active true 172.31.250.1",
      why: "What a node advertises is what the others try to reach, and it cannot be changed but by leaving.",
    },
    {
      says: "its swarm has one node",
      on: "worker-2",
      ask: "docker node ls --quiet | wc -l",
      expected: "1",
      holds: (text) => text === "1",
      why: "`docker swarm init` makes a new swarm; a node is in one swarm at a time.",
    },
    {
      says: "this swarm does not list it any more",
      on: "leader",
      ask: "docker node ls --format '{{.Hostname}}' | grep -cx {worker-2} || true",
      expected: "0",
      holds: (text) => text === "0",
      why: "A node that has left stays in the list as Down until its entry is removed.",
    },
  ],
  hints: [
    "`ip -brief address` shows the addresses a machine has.",
    "With several addresses `docker swarm init` wants to be told which: an address or an interface.",
    "docker swarm init --advertise-addr lab-nic",
  ],
  solution: [
    {
      on: "worker-2",
      type: "docker swarm leave",
      says: "A node can be in one swarm only.",
    },
    {
      on: "worker-2",
      type: "docker swarm init --advertise-addr lab-nic >/dev/null",
      says: "The name of an interface will do where it has one address. What is printed has a join token: not for the screen.",
    },
    {
      on: "leader",
      type: "until docker node rm {worker-2}; do sleep 1; done",
      says: "The entry can go as soon as the managers see the node as Down.",
    },
  ],
  wrong: [
    {
      says: "the address it had",
      commands: [
        {
          on: "worker-2",
          type: "address=$(docker info --format '{{.Swarm.NodeAddr}}'); docker swarm leave; docker swarm init --advertise-addr $address >/dev/null",
        },
      ],
      refusedBy: "{worker-2} is a manager, at that address",
    },
  ],
  cleanUp: [
    {
      on: "worker-2",
      type: "if docker node ls >/dev/null 2>&1; then docker swarm leave --force; fi; ip link delete lab-nic || true",
    },
  ],
};
