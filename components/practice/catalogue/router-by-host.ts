import { ROUTER_IMAGE } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

const asked = (host: string) =>
  `curl -s --max-time 5 -H 'Host: ${host}' http://127.0.0.1:8095/ | grep -o '"version":"[a-z]*"'`;
const make = (config: string) => `docker config create routes - >/dev/null <<'END'
${config}END
docker service create --detach --quiet --name router --network shop --constraint node.hostname=={worker-1} --publish mode=host,published=8095,target=8095 --config source=routes,target=/etc/haproxy/haproxy.cfg ${ROUTER_IMAGE}`;
const HEAD = `defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  default-server resolvers docker init-addr none
resolvers docker
  nameserver engine 127.0.0.11:53
frontend web
  bind :8095
`;

export const routerByHost: Exercise = {
  name: "router-by-host",
  topic: "an HTTP router by host name in front of services",
  domain: "networking",
  minutes: 8,
  difficulty: 3,
  images: ["gateway"],
  task: `Two services, red and blue, listen on port 8080 in the network shop, and publish nothing. Put a service router before them that answers on port 8095 of {worker-1}, published by the node itself: requests for the host red.example go to red, those for blue.example to blue, and any other gets 404. The image ${ROUTER_IMAGE} is HAProxy, which reads /etc/haproxy/haproxy.cfg; no image is to be built.`,
  setUp: [
    {
      on: "leader",
      type: `docker network create --driver overlay shop >/dev/null
for colour in red blue; do docker service create --detach --quiet --name $colour --network shop --endpoint-mode dnsrr --env VERSION=$colour {image}:1 >/dev/null; done`,
    },
  ],
  checks: [
    {
      says: "red.example leads to red",
      on: "worker-1",
      ask: asked("red.example"),
      expected: '"version":"red"',
      holds: (text) => text === '"version":"red"',
      why: "The name that is asked for is in the request's Host header; the names of services resolve in their network.",
    },
    {
      says: "blue.example leads to blue",
      on: "worker-1",
      ask: asked("blue.example"),
      expected: '"version":"blue"',
      holds: (text) => text === '"version":"blue"',
      why: "Each host name needs a rule and a backend of its own.",
    },
    {
      says: "another host is not found",
      on: "worker-1",
      ask: "curl -s --max-time 5 -o /dev/null -w '%{http_code}' -H 'Host: green.example' http://127.0.0.1:8095/",
      expected: "404",
      holds: (text) => text === "404",
      why: "A default backend answers for names it is not meant for.",
    },
    {
      says: "red and blue publish nothing",
      on: "leader",
      ask: "docker service inspect --format '{{len .Endpoint.Ports}}' red blue | xargs",
      expected: "0 0",
      holds: (text) => text === "0 0",
      why: "Only the router is to be reached from outside.",
    },
  ],
  hints: [
    "A config brings the file: `docker config create`, and --config source=...,target=/etc/haproxy/haproxy.cfg.",
    "Its network is shop, and it has to run on {worker-1}: --network, --constraint node.hostname=={worker-1}.",
    "In the frontend: use_backend red if { hdr(host) -i red.example }, and http-request return status 404 unless one of both; in a backend: server red red:8080 resolvers docker init-addr none",
  ],
  solution: [
    {
      on: "leader",
      type: make(`${HEAD}  http-request return status 404 unless { hdr(host) -i red.example blue.example }
  use_backend red if { hdr(host) -i red.example }
  use_backend blue if { hdr(host) -i blue.example }
backend red
  server red red:8080
backend blue
  server blue blue:8080
`),
      says: "The router finds the services by their names, again and again, from the engine's own resolver: tasks may move.",
    },
    {
      on: "worker-1",
      type: "for i in $(seq 60); do [ \"$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: blue.example' http://127.0.0.1:8095/)\" = 200 ] && exit 0; sleep 0.5; done; exit 1",
      says: "Two names, one port.",
    },
  ],
  wrong: [
    {
      says: "everything to red",
      commands: [
        {
          on: "leader",
          type: make(`${HEAD}  default_backend red
backend red
  server red red:8080
`),
        },
      ],
      refusedBy: "blue.example leads to blue",
    },
  ],
};
