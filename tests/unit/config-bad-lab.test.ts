import { expect, it } from "vitest";
import { type BadCase, refusal, wholeMessage } from "./config-support.ts";

const CASES: readonly BadCase[] = [
  [
    "provider hosts without hosts",
    { provider: "hosts" },
    "swarm-lab:hosts: got an empty list, need at least one host whose role is manager",
  ],
  [
    "an unknown provider",
    { provider: "azure" },
    'swarm-lab:provider: got "azure", need "local", "hosts" or "aws"',
  ],
  [
    "an even number of managers",
    { managers: 4 },
    "swarm-lab:managers: got 4, need 1, 3, 5 or 7: an even number survives no more losses than one manager less; set 3 or 5",
  ],
  [
    "two managers",
    { managers: 2 },
    "swarm-lab:managers: got 2, need 1, 3, 5 or 7: an even number survives no more losses than one manager less; set 1 or 3",
  ],
  [
    "more than seven managers",
    { managers: 9 },
    "swarm-lab:managers: got 9, need 1, 3, 5 or 7: each write waits for a majority, so more managers only slow it down; set 7 or fewer",
  ],
  ["no manager", { managers: 0 }, "swarm-lab:managers: got 0, need 1, 3, 5 or 7"],
  [
    "managers as a word",
    { managers: "three" },
    'swarm-lab:managers: got "three", need 1, 3, 5 or 7',
  ],
  ["half a manager", { managers: 2.5 }, "swarm-lab:managers: got 2.5, need 1, 3, 5 or 7"],
  [
    "too many workers",
    { workers: 51 },
    "swarm-lab:workers: got 51, need a whole number from 0 to 50",
  ],
  [
    "fewer workers than none",
    { workers: -1 },
    "swarm-lab:workers: got -1, need a whole number from 0 to 50",
  ],
  [
    "workers as a list",
    { workers: [2] },
    "swarm-lab:workers: got a list of 1, need a whole number from 0 to 50",
  ],
  [
    "a fraction of a worker",
    { workers: 1.5 },
    "swarm-lab:workers: got 1.5, need a whole number from 0 to 50",
  ],
  [
    "zones in one text",
    { zones: "a,b,c" },
    'swarm-lab:zones: got "a,b,c", need a list of zone names such as a, b, c',
  ],
  ["no zones", { zones: [] }, "swarm-lab:zones: got an empty list, need at least one zone"],
  [
    "a zone twice",
    { zones: ["a", "b", "a"] },
    'swarm-lab:zones[2]: got "a", need each entry once; remove the second one',
  ],
  [
    "a zone with an upper-case letter",
    { zones: ["a", "B"] },
    'swarm-lab:zones[1]: got "B", need lower-case letters, digits and hyphens, at most 32 characters, beginning and ending with a letter or digit',
  ],
  [
    "too many zones",
    { zones: ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] },
    "swarm-lab:zones: got a list of 11, need at most 10 zones",
  ],
  [
    "a zone that is a number",
    { zones: ["a", 2] },
    "swarm-lab:zones[1]: got 2, need lower-case letters, digits and hyphens, at most 32 characters, beginning and ending with a letter or digit",
  ],
  [
    "an availability that swarm does not know",
    { managerAvailability: "drained" },
    'swarm-lab:managerAvailability: got "drained", need "drain", "active" or "pause"',
  ],
  [
    "expendable as a word",
    { expendable: "yes" },
    'swarm-lab:expendable: got "yes", need true or false',
  ],
  [
    "a misspelt setting",
    { worker: 3 },
    "swarm-lab:worker: got an unknown key, need a known one; did you mean workers?",
  ],
  [
    "a setting that is nothing like another",
    { kubernetes: true },
    "swarm-lab:kubernetes: got an unknown key, need one of provider, managers, workers, zones, managerAvailability, hosts, hostSetup, aws, expendable, nodes, network, ports, swarm, secrets, configs, registry, services, composeStacks, backup, restore, drills, labels; remove it",
  ],
  [
    "a nested setting set without --path",
    { "ports.api": 21000 },
    'swarm-lab:["ports.api"]: got an unknown key, need a key without dots; a setting within another is set with `pulumi config set --path`; remove this one',
  ],
  [
    "workers 0 while managers are drained",
    { workers: 0, services: { app: { image: "app" } } },
    "swarm-lab:workers: got 0, need at least 1, as managers run no tasks (managerAvailability drain) and something must run the registry and app; add a worker or set managerAvailability to active",
  ],
  [
    "workers 0 while managers are paused, for the registry alone",
    { workers: 0, managerAvailability: "pause" },
    "swarm-lab:workers: got 0, need at least 1, as managers run no tasks (managerAvailability pause) and something must run the registry; add a worker or set managerAvailability to active",
  ],
  [
    "labels that are reserved",
    { labels: { "swarm-lab.lab": "x" } },
    'swarm-lab:labels["swarm-lab.lab"]: got the name "swarm-lab.lab", need a label that does not begin with swarm-lab., which is reserved; rename it',
  ],
  [
    "labels of Docker's own",
    { labels: { "com.docker.stack.namespace": "x" } },
    'swarm-lab:labels["com.docker.stack.namespace"]: got the name "com.docker.stack.namespace", need a label that does not begin with com.docker., which is reserved; rename it',
  ],
  [
    "a label with a blank",
    { labels: { "my label": "x" } },
    'swarm-lab:labels["my label"]: got the name "my label", need a label of letters, digits, dots, hyphens, underscores and slashes',
  ],
  [
    "a label that is a number",
    { labels: { tier: 1 } },
    "swarm-lab:labels.tier: got 1, need a text; put numbers and true or false in quotes",
  ],
  [
    "labels as a list",
    { labels: ["a=b"] },
    "swarm-lab:labels: got a list of 1, need a mapping of labels to texts",
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given)).toBe(wholeMessage(message));
});
