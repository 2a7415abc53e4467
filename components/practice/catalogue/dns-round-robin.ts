import { service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const dnsRoundRobin: Exercise = {
  name: "dns-round-robin",
  topic: "VIP against DNS round robin, embedded DNS",
  domain: "networking",
  minutes: 4,
  difficulty: 2,
  task: "Make an overlay network named back, and run in it a service store from {image}:1 with three tasks whose name answers with the address of every task instead of one virtual address. Run a service probe from the same image, with one task on {worker-1}, in that network as well.",
  checks: [
    {
      says: "store has no virtual address",
      on: "leader",
      ask: service("store", "{{.Spec.EndpointSpec.Mode}}"),
      expected: "dnsrr",
      holds: (text) => text === "dnsrr",
      why: "By default a name answers with one address, behind which the kernel (IPVS) deals requests out.",
    },
    {
      says: "in the network, store answers with three addresses",
      on: "worker-1",
      ask: `id=$(docker ps -q --filter label=com.docker.swarm.service.name=probe | head -n 1)
docker exec "$id" nslookup store 2>/dev/null | awk '/^Address/ && $NF !~ /127.0.0.11/ { print $NF }' | sort -u | wc -l`,
      expected: "3",
      holds: (text) => text === "3",
      why: "Only tasks that run are in the answer, and only for those who are in the network.",
    },
  ],
  hints: [
    "How a service's name is answered is its endpoint mode.",
    "--endpoint-mode",
    "docker service create --name store --endpoint-mode dnsrr --network back --replicas 3 ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker network create --driver overlay back",
      says: "Names resolve only within a network of one's own.",
    },
    {
      on: "leader",
      type: "docker service create -d --name store --replicas 3 --endpoint-mode dnsrr --network back {image}:1",
      says: "Each question gets all addresses, in another order each time; the client chooses.",
    },
    {
      on: "leader",
      type: "docker service create -d --name probe --endpoint-mode dnsrr --network back --constraint node.hostname=={worker-1} {image}:1",
      says: "Somebody who asks.",
    },
  ],
  wrong: [
    {
      says: "the default, a virtual address",
      commands: [
        { on: "leader", type: "docker network create --driver overlay back" },
        {
          on: "leader",
          type: "docker service create -d --name store --replicas 3 --network back {image}:1",
        },
        {
          on: "leader",
          type: "docker service create -d --name probe --network back --constraint node.hostname=={worker-1} {image}:1",
        },
      ],
      refusedBy: "store has no virtual address",
    },
  ],
  claim: {
    says: "Endpoint modes: a virtual address (IPVS), or DNS round robin",
    shows:
      "with dnsrr the name answers with each task's address; where the kernel lacks IPVS it is the only mode that answers",
    holds: "yes",
  },
};
