import { expect, it } from "vitest";
import { type BadCase, refusal, wholeMessage } from "./config-support.ts";

const CASES: readonly BadCase[] = [
  [
    "a service without an image",
    { services: { web: {} } },
    'swarm-lab:services.web.image: got nothing, need an image reference such as "nginx:1.27" or "registry.example.com/team/app@sha256:..."',
  ],
  [
    "an image in upper case",
    { services: { web: { image: "Nginx" } } },
    'swarm-lab:services.web.image: got "Nginx", need an image reference such as "nginx:1.27" or "registry.example.com/team/app@sha256:..."',
  ],
  [
    "an image with a blank tag",
    { services: { web: { image: "nginx:" } } },
    'swarm-lab:services.web.image: got "nginx:", need an image reference such as "nginx:1.27" or "registry.example.com/team/app@sha256:..."',
  ],
  [
    "the lab's image without its registry",
    { registry: { enabled: false }, services: { app: { image: "app" } } },
    'swarm-lab:services.app.image: got "app", need the lab\'s registry for this image: nodes pull it from there; set registry.enabled to true, or name another image',
  ],
  [
    "a service's name with an underscore",
    { services: { my_app: { image: "app" } } },
    'swarm-lab:services.my_app: got the name "my_app", need lower-case letters, digits and hyphens, at most 63 characters, beginning and ending with a letter or digit',
  ],
  [
    "a service named as the lab's registry",
    { services: { registry: { image: "app" } } },
    'swarm-lab:services.registry: got the name "registry", need a name other than registry and edge, the lab\'s own services; rename it',
  ],
  [
    "a service given as a text",
    { services: { web: "nginx" } },
    'swarm-lab:services.web: got "nginx", need a mapping with keys among image, mode, replicas, command, args, env, ports, networks, constraints, spread, maxReplicasPerNode, resources, healthcheck, update, rollback, restart, stopGracePeriod, secrets, configs, labels, mounts',
  ],
  [
    "a mode of a job",
    { services: { app: { image: "app", mode: "job" } } },
    'swarm-lab:services.app.mode: got "job", need "replicated" or "global"',
  ],
  [
    "replicas of a global service",
    { services: { app: { image: "app", mode: "global", replicas: 3 } } },
    "swarm-lab:services.app.replicas: got 3, need no count with mode global, which runs one task on each node; remove it",
  ],
  [
    "a limit per node on a global service",
    { services: { app: { image: "app", mode: "global", maxReplicasPerNode: 1 } } },
    "swarm-lab:services.app.maxReplicasPerNode: got 1, need no such limit with mode global, which runs one task on each node; remove it",
  ],
  [
    "fewer replicas than none",
    { services: { app: { image: "app", replicas: -1 } } },
    "swarm-lab:services.app.replicas: got -1, need a whole number from 0 to 1000",
  ],
  [
    "more replicas than the nodes may hold",
    { services: { app: { image: "app", replicas: 5, maxReplicasPerNode: 2 } } },
    "swarm-lab:services.app.replicas: got 5, need at most 4: 2 on each of the 2 nodes that run tasks; lower it, raise maxReplicasPerNode or add workers",
  ],
  [
    "a command in one text",
    { services: { app: { image: "app", command: "sh -c true" } } },
    "swarm-lab:services.app.command: got a text (not shown), need a list of texts: program and words",
  ],
  [
    "a number among the arguments",
    { services: { app: { image: "app", args: ["--port", 8080] } } },
    "swarm-lab:services.app.args[1]: got a number (not shown), need a text",
  ],
  [
    "a number as a variable",
    { services: { app: { image: "app", env: { PORT: 8080 } } } },
    "swarm-lab:services.app.env.PORT: got a number (not shown), need a text; put numbers and true or false in quotes",
  ],
  [
    "a variable's name with a hyphen",
    { services: { app: { image: "app", env: { "MY-PORT": "8080" } } } },
    'swarm-lab:services.app.env.MY-PORT: got the name "MY-PORT", need a variable name of letters, digits and underscores',
  ],
  [
    "a placeholder for the zone",
    { services: { app: { image: "app", env: { ZONE: "{{.Node.Labels.zone}}" } } } },
    "swarm-lab:services.app.env.ZONE: got a placeholder that swarm does not fill in, need one of .Service.ID, .Service.Name, .Service.Labels, .Node.ID, .Node.Hostname, .Node.Platform.Architecture, .Node.Platform.OS, .Task.ID, .Task.Name, .Task.Slot; a node's labels, its zone among them, are not to be had this way",
  ],
  [
    "a port without a target",
    { services: { app: { image: "app", ports: [{ published: 8080 }] } } },
    "swarm-lab:services.app.ports[0].target: got nothing, need a port from 1 to 65535",
  ],
  [
    "a published port in words",
    { services: { app: { image: "app", ports: [{ target: 8080, published: "random" }] } } },
    'swarm-lab:services.app.ports[0].published: got "random", need "auto" or a port from 1 to 65535',
  ],
  [
    "a port over UDP",
    { services: { app: { image: "app", ports: [{ target: 53, protocol: "udp" }] } } },
    'swarm-lab:services.app.ports[0].protocol: got "udp", need "tcp": the gateway passes no other protocol',
  ],
  [
    "ports as in compose",
    { services: { app: { image: "app", ports: ["8080:80"] } } },
    'swarm-lab:services.app.ports[0]: got "8080:80", need a mapping with keys among target, published, protocol',
  ],
  [
    "one target twice",
    { services: { app: { image: "app", ports: [{ target: 8080 }, { target: 8080 }] } } },
    "swarm-lab:services.app.ports[1].target: got 8080, need each target port once; remove the second one",
  ],
  [
    "one published port for two services",
    {
      services: {
        app: { image: "app", ports: [{ target: 8080, published: 21000 }] },
        web: { image: "nginx:1.27", ports: [{ target: 80, published: 21000 }] },
      },
    },
    'swarm-lab:services.web.ports[0].published: got 21000, need a port of its own: services.app.ports[0].published has it; choose another or write "auto"',
  ],
  [
    "a published port that the API has",
    {
      ports: { api: 21000 },
      services: { app: { image: "app", ports: [{ target: 8080, published: 21000 }] } },
    },
    'swarm-lab:services.app.ports[0].published: got 21000, need a port of its own: ports.api has it; choose another or write "auto"',
  ],
  [
    "the control plane's port published",
    { services: { app: { image: "app", ports: [{ target: 8080, published: 2377 }] } } },
    'swarm-lab:services.app.ports[0].published: got 2377, need a port that the nodes do not use themselves: 2377 is the swarm\'s control plane; choose another or write "auto"',
  ],
  [
    "the registry's port published",
    { services: { app: { image: "app", ports: [{ target: 8080, published: 5000 }] } } },
    'swarm-lab:services.app.ports[0].published: got 5000, need a port that the nodes do not use themselves: 5000 is the registry; choose another or write "auto"',
  ],
  [
    "an overlay that is not there",
    { services: { app: { image: "app", networks: ["ap"] } } },
    'swarm-lab:services.app.networks[0]: got "ap", need a name from network.overlays: app; did you mean app?',
  ],
  [
    "no overlay at all",
    { services: { app: { image: "app", networks: [] } } },
    "swarm-lab:services.app.networks: got an empty list, need at least one overlay name; leave it out for the first one",
  ],
  [
    "an overlay twice",
    { services: { app: { image: "app", networks: ["app", "app"] } } },
    'swarm-lab:services.app.networks[1]: got "app", need each entry once; remove the second one',
  ],
  [
    "a secret that is not there",
    {
      secrets: { "app-token": { generate: {} } },
      services: { app: { image: "app", secrets: ["app-tokn"] } },
    },
    'swarm-lab:services.app.secrets[0]: got "app-tokn", need a name from secrets: app-token; did you mean app-token?',
  ],
  [
    "a secret where there is none",
    { services: { app: { image: "app", secrets: ["token"] } } },
    'swarm-lab:services.app.secrets[0]: got "token", need a name from secrets, which has none; add it to secrets or remove it here',
  ],
  [
    "a config that is not there",
    {
      configs: { greeting: { value: "hello" } },
      services: { app: { image: "app", configs: [{ config: "motd" }] } },
    },
    'swarm-lab:services.app.configs[0]: got "motd", need a name from configs: greeting; add it to configs or remove it here',
  ],
  [
    "two secrets at one target",
    {
      secrets: { a: { generate: {} }, b: { generate: {} } },
      services: { app: { image: "app", secrets: ["a", { secret: "b", target: "a" }] } },
    },
    'swarm-lab:services.app.secrets[1]: got "a", need a target of its own: entry [0] has it; give one of them another target',
  ],
  [
    "a secret's mode without quotes",
    {
      secrets: { a: { generate: {} } },
      services: { app: { image: "app", secrets: [{ secret: "a", mode: 292 }] } },
    },
    'swarm-lab:services.app.secrets[0].mode: got 292, need octal permission bits in quotes, such as "0444"',
  ],
  [
    "a secret's target that is a folder",
    {
      secrets: { a: { generate: {} } },
      services: { app: { image: "app", secrets: [{ secret: "a", target: "/etc/" }] } },
    },
    'swarm-lab:services.app.secrets[0].target: got "/etc/", need a file name under /run/secrets, or an absolute path',
  ],
  [
    "a config's target that is no path",
    {
      configs: { c: { value: "hello" } },
      services: { app: { image: "app", configs: [{ config: "c", target: "app.conf" }] } },
    },
    'swarm-lab:services.app.configs[0].target: got "app.conf", need an absolute path in the container, such as "/etc/app.conf"',
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given)).toBe(wholeMessage(message));
});
