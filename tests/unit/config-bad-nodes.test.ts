import { expect, it } from "vitest";
import { type BadCase, refusal, wholeMessage } from "./config-support.ts";

const CASES: readonly BadCase[] = [
  [
    "a node image that is no reference",
    { nodes: { image: "My Image" } },
    'swarm-lab:nodes.image: got "My Image", need an image reference such as "nginx:1.27" or "registry.example.com/team/app@sha256:..."',
  ],
  [
    "a node image too long to quote",
    { nodes: { image: "A".repeat(61) } },
    `swarm-lab:nodes.image: got "${"A".repeat(60)}...", need an image reference such as "nginx:1.27" or "registry.example.com/team/app@sha256:..."`,
  ],
  [
    "memory without a unit",
    { nodes: { memory: "512" } },
    'swarm-lab:nodes.memory: got "512", need a size of at least 256MiB such as "512MiB" (units KiB, MiB, GiB)',
  ],
  [
    "memory as a number",
    { nodes: { memory: 536870912 } },
    'swarm-lab:nodes.memory: got 536870912, need a size of at least 256MiB such as "512MiB" (units KiB, MiB, GiB)',
  ],
  [
    "memory in a unit of Docker's",
    { nodes: { memory: "512m" } },
    'swarm-lab:nodes.memory: got "512m", need a size of at least 256MiB such as "512MiB" (units KiB, MiB, GiB)',
  ],
  [
    "too little memory for an engine",
    { nodes: { memory: "128MiB" } },
    'swarm-lab:nodes.memory: got "128MiB", need a size of at least 256MiB such as "512MiB" (units KiB, MiB, GiB)',
  ],
  [
    "no processors",
    { nodes: { cpus: 0 } },
    "swarm-lab:nodes.cpus: got 0, need a number of processors from 0.001 to 1024, such as 0.5",
  ],
  [
    "processors as a text",
    { nodes: { cpus: "2" } },
    'swarm-lab:nodes.cpus: got "2", need a number of processors from 0.001 to 1024, such as 0.5',
  ],
  [
    "an engine flag the lab owns",
    { nodes: { engineFlags: ["--debug", "--host=tcp://0.0.0.0:2375"] } },
    'swarm-lab:nodes.engineFlags[1]: got "--host=tcp://0.0.0.0:2375", need a flag that is not the lab\'s own: the lab opens the engine API itself, only with mutual TLS; remove it',
  ],
  [
    "its short form",
    { nodes: { engineFlags: ["-H=tcp://0.0.0.0:2375"] } },
    'swarm-lab:nodes.engineFlags[0]: got "-H=tcp://0.0.0.0:2375", need a flag that is not the lab\'s own: the lab opens the engine API itself, only with mutual TLS; remove it',
  ],
  [
    "a flag that turns TLS off",
    { nodes: { engineFlags: ["--tlsverify=false"] } },
    'swarm-lab:nodes.engineFlags[0]: got "--tlsverify=false", need a flag that is not the lab\'s own: the lab makes the certificates of the engine API; remove it',
  ],
  [
    "a data root elsewhere",
    { nodes: { engineFlags: ["--data-root=/data"] } },
    "swarm-lab:nodes.engineFlags[0]: got \"--data-root=/data\", need a flag that is not the lab's own: the node's volume is mounted at /var/lib/docker; remove it",
  ],
  [
    "live restore",
    { nodes: { engineFlags: ["--live-restore"] } },
    'swarm-lab:nodes.engineFlags[0]: got "--live-restore", need a flag that is not the lab\'s own: engines refuse it in swarm mode; remove it',
  ],
  [
    "nftables",
    { nodes: { engineFlags: ["--firewall-backend=nftables"] } },
    'swarm-lab:nodes.engineFlags[0]: got "--firewall-backend=nftables", need a flag that is not the lab\'s own: engines refuse nftables in swarm mode, and iptables is the default; remove it',
  ],
  [
    "an engine flag without hyphens",
    { nodes: { engineFlags: ["debug"] } },
    'swarm-lab:nodes.engineFlags[0]: got "debug", need an engine flag in one word, "--flag" or "--flag=value"',
  ],
  [
    "engine flags in one text",
    { nodes: { engineFlags: "--debug --experimental" } },
    'swarm-lab:nodes.engineFlags: got "--debug --experimental", need a list of engine flags',
  ],
  [
    "labels of a node that is not there",
    { nodes: { labels: { w3: { disk: "ssd" } } } },
    'swarm-lab:nodes.labels.w3: got the node "w3", need a node of this lab: m1 to m3, w1 to w2; rename or remove it',
  ],
  [
    "labels of a worker where there is none",
    {
      managers: 1,
      workers: 0,
      managerAvailability: "active",
      nodes: { labels: { w1: { disk: "ssd" } } },
    },
    'swarm-lab:nodes.labels.w1: got the node "w1", need a node of this lab: m1; rename or remove it',
  ],
  [
    "a zone as a node's label",
    { nodes: { labels: { w1: { zone: "z" } } } },
    'swarm-lab:nodes.labels.w1.zone: got the name "zone", need a label other than zone, which the lab sets itself; use the setting zones',
  ],
  [
    "a misspelt node setting",
    { nodes: { memroy: "1GiB" } },
    "swarm-lab:nodes.memroy: got an unknown key, need a known one; did you mean memory?",
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given)).toBe(wholeMessage(message));
});
