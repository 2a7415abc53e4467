import type { Exercise } from "../exercise.ts";

/** Asks from inside the first task on this worker of a service for an address of a name. */
const lookUp = (from: string, name: string) =>
  `id=$(docker ps -q --filter label=com.docker.swarm.service.name=${from} | head -n 1)
[ -z "$id" ] || docker exec "$id" nslookup ${name} 2>/dev/null | awk '/^Address/ && $NF !~ /127.0.0.11/ { print "found" }' | sort -u`;

export const namesWithinANetwork: Exercise = {
  name: "names-within-a-network",
  topic: "embedded DNS, isolation of networks",
  domain: "networking",
  minutes: 5,
  difficulty: 2,
  task: "Three services from {image}:1, each with one task on {worker-1}: front, api and store. front has to reach api by its name, and api has to reach store; front must not reach store.",
  checks: [
    {
      says: "front finds api",
      on: "worker-1",
      ask: lookUp("front", "api"),
      expected: "an address",
      holds: (text) => text === "found",
      why: "A name is found in the networks that both are in; the default bridge knows no names.",
    },
    {
      says: "api finds store",
      on: "worker-1",
      ask: lookUp("api", "store"),
      expected: "an address",
      holds: (text) => text === "found",
      why: "A service may be in more than one network.",
    },
    {
      says: "front runs, and does not find store",
      on: "worker-1",
      ask: `docker ps -q --filter label=com.docker.swarm.service.name=front | wc -l; ${lookUp("front", "store")}`,
      expected: "one task, and no address",
      holds: (text) => text === "1",
      why: "They are in one network: whoever is in it reaches everybody else there.",
    },
  ],
  hints: [
    "Names resolve only within a network.",
    "Two overlays: who is in both?",
    "docker service create --name api --network one --network two ...",
  ],
  solution: [
    {
      on: "leader",
      type: "docker network create --driver overlay outer; docker network create --driver overlay inner",
      says: "What must not meet is in different networks.",
    },
    {
      on: "leader",
      type: "docker service create -d --name front --endpoint-mode dnsrr --constraint node.hostname=={worker-1} --network outer {image}:1",
      says: "front is in the outer one alone.",
    },
    {
      on: "leader",
      type: "docker service create -d --name api --endpoint-mode dnsrr --constraint node.hostname=={worker-1} --network outer --network inner {image}:1",
      says: "api is in both.",
    },
    {
      on: "leader",
      type: "docker service create -d --name store --endpoint-mode dnsrr --constraint node.hostname=={worker-1} --network inner {image}:1",
      says: "store is in the inner one, and front has no way to it.",
    },
  ],
  wrong: [
    {
      says: "all three in one network",
      commands: [
        { on: "leader", type: "docker network create --driver overlay shared" },
        ...["front", "api", "store"].map((name) => ({
          on: "leader" as const,
          type: `docker service create -d --name ${name} --endpoint-mode dnsrr --constraint node.hostname=={worker-1} --network shared {image}:1`,
        })),
      ],
      refusedBy: "front runs, and does not find store",
    },
  ],
  claim: {
    says: "Names are resolved at 127.0.0.11, and only within a network",
    shows:
      "a service in two networks is found from both; two services without a common one do not find each other",
    holds: "yes",
  },
};
