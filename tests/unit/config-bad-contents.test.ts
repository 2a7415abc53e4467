import { afterAll, expect, it } from "vitest";
import { type BadCase, folderWith, refusal, wholeMessage } from "./config-support.ts";

const { root, remove } = folderWith({
  "secret-too-large": "x".repeat(512_000),
  "config-too-large": "x".repeat(1_024_000),
  empty: "",
  "broken.yaml": "a: [1\n",
  "no-services.yaml": 'version: "3"\n',
  "compose.yaml": "services: { web: { image: nginx } }\n",
});
afterAll(remove);

const CASES: readonly BadCase[] = [
  [
    "a secret without a source",
    { secrets: { token: {} } },
    "swarm-lab:secrets.token: got an empty mapping, need exactly one of value, file and generate",
  ],
  [
    "a secret with two sources",
    { secrets: { token: { value: "correct horse", file: "token" } } },
    "swarm-lab:secrets.token: got a mapping, need exactly one of value, file and generate",
  ],
  [
    "a secret given as a text",
    { secrets: { token: "correct horse" } },
    "swarm-lab:secrets.token: got a text (not shown), need a mapping with keys among value, file, generate",
  ],
  [
    "all secrets given as a text",
    { secrets: "correct horse" },
    "swarm-lab:secrets: got a text (not shown), need a mapping of secret names to their sources",
  ],
  [
    "a secret that is a number",
    { secrets: { token: { value: 12345678 } } },
    "swarm-lab:secrets.token.value: got a number (not shown), need a text; put numbers and true or false in quotes",
  ],
  [
    "an empty secret",
    { secrets: { token: { value: "" } } },
    "swarm-lab:secrets.token.value: got 0 bytes, need 1 to 511999 bytes: empty secrets and those of 512000 bytes (500 KiB) or more are refused",
  ],
  [
    "a secret at swarm's limit",
    { secrets: { token: { value: "x".repeat(512_000) } } },
    "swarm-lab:secrets.token.value: got 512000 bytes, need 1 to 511999 bytes: empty secrets and those of 512000 bytes (500 KiB) or more are refused",
  ],
  [
    "a secret's file that is not there",
    { secrets: { token: { file: "nowhere" } } },
    'swarm-lab:secrets.token.file: got "nowhere", which does not exist, need a readable file of 1 to 511999 bytes: empty secrets and those of 512000 bytes (500 KiB) or more are refused',
  ],
  [
    "a secret's file that is a folder",
    { secrets: { token: { file: "." } } },
    'swarm-lab:secrets.token.file: got ".", which is a folder, need a readable file of 1 to 511999 bytes: empty secrets and those of 512000 bytes (500 KiB) or more are refused',
  ],
  [
    "a secret's file at swarm's limit",
    { secrets: { token: { file: "secret-too-large" } } },
    'swarm-lab:secrets.token.file: got "secret-too-large", 512000 bytes, need a readable file of 1 to 511999 bytes: empty secrets and those of 512000 bytes (500 KiB) or more are refused',
  ],
  [
    "an empty secret's file",
    { secrets: { token: { file: "empty" } } },
    'swarm-lab:secrets.token.file: got "empty", 0 bytes, need a readable file of 1 to 511999 bytes: empty secrets and those of 512000 bytes (500 KiB) or more are refused',
  ],
  [
    "a misspelt source",
    { secrets: { token: { vaule: "correct horse" } } },
    "swarm-lab:secrets.token.vaule: got an unknown key, need a known one; did you mean value?",
  ],
  [
    "a secret too short to generate",
    { secrets: { token: { generate: { length: 8 } } } },
    "swarm-lab:secrets.token.generate.length: got 8, need a whole number from 16 to 256",
  ],
  [
    "a secret's version of none",
    { secrets: { token: { generate: { version: 0 } } } },
    "swarm-lab:secrets.token.generate.version: got 0, need a whole number from 1 to 1000000",
  ],
  [
    "a generator switched on",
    { secrets: { token: { generate: true } } },
    "swarm-lab:secrets.token.generate: got true, need a mapping with keys among length, version",
  ],
  [
    "a secret's name with a dot",
    { secrets: { "app.token": { generate: {} } } },
    'swarm-lab:secrets["app.token"]: got the name "app.token", need lower-case letters, digits and hyphens, at most 40 characters, beginning and ending with a letter or digit',
  ],
  [
    "a secret's name too long",
    { secrets: { ["t".repeat(41)]: { generate: {} } } },
    'swarm-lab:secrets.ttttttttttttttttttttttttttttttttttttttttt: got the name "ttttttttttttttttttttttttttttttttttttttttt", need lower-case letters, digits and hyphens, at most 40 characters, beginning and ending with a letter or digit',
  ],
  [
    "a config that would be generated",
    { configs: { greeting: { generate: {} } } },
    "swarm-lab:configs.greeting.generate: got an unknown key, need one of value, file; remove it",
  ],
  [
    "a config without a source",
    { configs: { greeting: {} } },
    "swarm-lab:configs.greeting: got an empty mapping, need exactly one of value and file",
  ],
  [
    "a config at swarm's limit",
    { configs: { greeting: { value: "x".repeat(1_024_000) } } },
    "swarm-lab:configs.greeting.value: got 1024000 bytes, need 1 to 1023999 bytes: empty configs and those of 1024000 bytes (1000 KiB) or more are refused",
  ],
  [
    "a config's file at swarm's limit",
    { configs: { greeting: { file: "config-too-large" } } },
    'swarm-lab:configs.greeting.file: got "config-too-large", 1024000 bytes, need a readable file of 1 to 1023999 bytes: empty configs and those of 1024000 bytes (1000 KiB) or more are refused',
  ],
  [
    "a config's name in upper case",
    { configs: { Greeting: { value: "hello" } } },
    'swarm-lab:configs.Greeting: got the name "Greeting", need lower-case letters, digits and hyphens, at most 40 characters, beginning and ending with a letter or digit',
  ],
  [
    "a compose file that is not there",
    { composeStacks: { shop: { file: "nowhere.yaml" } } },
    'swarm-lab:composeStacks.shop.file: got "nowhere.yaml", which does not exist, need a readable file of 1 to 1023999 bytes: empty compose files and those of 1024000 bytes (1000 KiB) or more are refused',
  ],
  [
    "a compose file that is not YAML",
    { composeStacks: { shop: { file: "broken.yaml" } } },
    'swarm-lab:composeStacks.shop.file: got "broken.yaml", which is not YAML (line 2, column 1), need a compose file: YAML with a mapping of services',
  ],
  [
    "a compose file without services",
    { composeStacks: { shop: { file: "no-services.yaml" } } },
    'swarm-lab:composeStacks.shop.file: got "no-services.yaml", which has no services, need a compose file: YAML with a mapping of services',
  ],
  [
    "a compose stack without a file",
    { composeStacks: { shop: {} } },
    "swarm-lab:composeStacks.shop.file: got nothing, need the path of a compose file",
  ],
  [
    "a compose stack given as a text",
    { composeStacks: { shop: "compose.yaml" } },
    'swarm-lab:composeStacks.shop: got "compose.yaml", need a mapping with the key file',
  ],
  [
    "a registry's password too short",
    { registry: { password: "hunter2" } },
    "swarm-lab:registry.password: got a text (not shown), need a password of 8 to 72 bytes",
  ],
  [
    "a registry's password that bcrypt would cut",
    { registry: { password: "x".repeat(73) } },
    "swarm-lab:registry.password: got a text (not shown), need a password of 8 to 72 bytes",
  ],
  [
    "a registry's password that is a number",
    { registry: { password: 12345678 } },
    "swarm-lab:registry.password: got a number (not shown), need a password of 8 to 72 bytes",
  ],
  [
    "a registry's user with a colon",
    { registry: { username: "lab:admin" } },
    'swarm-lab:registry.username: got "lab:admin", need a user name of letters, digits, dots, hyphens and underscores, at most 64 characters',
  ],
  [
    "a registry given as a text",
    { registry: "correct horse" },
    "swarm-lab:registry: got a text (not shown), need a mapping with keys among enabled, username, password, volume, storage, bucket, replicas",
  ],
  [
    "a misspelt registry setting",
    { registry: { enable: true } },
    "swarm-lab:registry.enable: got an unknown key, need a known one; did you mean enabled?",
  ],
  [
    "workers 0 for a compose stack alone",
    { workers: 0, registry: { enabled: false }, composeStacks: { shop: { file: "compose.yaml" } } },
    "swarm-lab:workers: got 0, need at least 1, as managers run no tasks (managerAvailability drain) and something must run shop; add a worker or set managerAvailability to active",
  ],
];

it.each(CASES)("refuses %s", (_title, given, message) => {
  expect(refusal(given, { root })).toBe(wholeMessage(message));
});
