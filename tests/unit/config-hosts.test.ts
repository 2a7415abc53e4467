import { describe, expect, it, test } from "vitest";
import { planHosts } from "../../components/nodes/plan.ts";
import { hostLook } from "../../stacks/host-look.ts";
import { type BadCase, load, refusal, wholeMessage } from "./config-support.ts";

const KEY = "ssh-ed25519 AAAAC3Nz";
const host = (name: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  ...{ name, role: "manager", zone: "a", address: `192.0.2.${name.slice(1)}`, hostKey: KEY },
  ...changes,
});
const on = (hosts: unknown, others: Readonly<Record<string, unknown>> = {}) => ({
  ...{ provider: "hosts", registry: { enabled: false }, hosts },
  ...others,
});

const CASES: readonly BadCase[] = [
  [
    "no hosts at all",
    on([]),
    "swarm-lab:hosts: got an empty list, need at least one host whose role is manager",
  ],
  [
    "hosts without their provider",
    { hosts: [host("m1")] },
    "swarm-lab:hosts: got a list of 1, need none with provider local, which makes its nodes itself; set provider to hosts, or remove them",
  ],
  [
    "two managers",
    on([host("m1"), host("m2")]),
    "swarm-lab:hosts: got 2 managers, need 1, 3, 5 or 7 of them: an even number survives no more losses than one less; change the role of a host",
  ],
  [
    "nine managers",
    on(Array.from({ length: 9 }, (_, at) => host(`m${at + 1}`))),
    "swarm-lab:hosts: got 9 managers, need 1, 3, 5 or 7 of them: each write waits for a majority, so more only slow it down; change the role of a host",
  ],
  [
    "a name twice",
    on([host("m1"), host("m1", { role: "worker", address: "192.0.2.9" })]),
    'swarm-lab:hosts[1].name: got "m1", need one that no other host has: it is hosts[0]\'s as well; remove one of the two or correct it',
  ],
  [
    "an address twice",
    on([host("m1"), host("w2", { role: "worker", address: "192.0.2.1" })]),
    'swarm-lab:hosts[1].address: got "192.0.2.1", need one that no other host has: it is hosts[0]\'s as well; remove one of the two or correct it',
  ],
  [
    "one machine behind two addresses",
    on([host("m1", { ssh: "lab" }), host("w2", { role: "worker", ssh: "lab" })]),
    'swarm-lab:hosts[1].ssh: got "lab:22", need one that no other host has: it is hosts[0]\'s as well; remove one of the two or correct it',
  ],
  [
    "an address inside the swarm's own",
    on([host("m1", { address: "10.200.3.4" })]),
    'swarm-lab:hosts[0].address: got "10.200.3.4", need an address outside the address pool (10.200.0.0/16); choose another range for it',
  ],
  [
    "an address with a prefix",
    on([host("m1", { address: "192.0.2.1/24" })]),
    'swarm-lab:hosts[0].address: got "192.0.2.1/24", need an IPv4 address such as 192.0.2.11',
  ],
  [
    "no host key",
    on([host("m1", { hostKey: undefined })]),
    'swarm-lab:hosts[0].hostKey: got nothing, need the host\'s public key, such as "ssh-ed25519 AAAA..."; it is in /etc/ssh/ssh_host_ed25519_key.pub on the host',
  ],
  [
    "a fingerprint in the place of the key",
    on([host("m1", { hostKey: "SHA256:abc" })]),
    'swarm-lab:hosts[0].hostKey: got "SHA256:abc", need the host\'s public key, such as "ssh-ed25519 AAAA..."; it is in /etc/ssh/ssh_host_ed25519_key.pub on the host',
  ],
  [
    "a user that is none",
    on([host("m1", { user: "root; id" })]),
    'swarm-lab:hosts[0].user: got "root; id", need the name of a user who is root or may use sudo without a password',
  ],
  [
    "what only containers have",
    on([host("m1")], { nodes: { memory: "512MiB" } }),
    "swarm-lab:nodes.memory: got 536870912, need nothing with provider hosts: it is for nodes that are containers; remove the setting",
  ],
];

describe("hosts are refused", () => {
  it.each(CASES)("with %s", (_, given, line) => {
    expect(refusal(given)).toBe(wholeMessage(line));
  });
});

describe("hosts", () => {
  const { config } = load(
    on(
      [
        host("w9", { role: "worker", zone: "b", ssh: "web.example", port: 2222, user: "debian" }),
        host("m1"),
      ],
      { registry: { enabled: true } },
    ),
  );

  test("say how many nodes there are, and in which zones", () => {
    expect(config).toMatchObject({ managers: 1, workers: 1, zones: ["b", "a"] });
  });

  test("are reached at their addresses by root, or where and by whom they say", () => {
    expect(config.hosts).toMatchObject([
      { ssh: "web.example", port: 2222, user: "debian", key: "~/.ssh/id_ed25519" },
      { ssh: "192.0.2.1", port: 22, user: "root" },
    ]);
  });

  test("are planned managers first, the registry on the first that runs tasks", () => {
    expect(planHosts(config)).toEqual([
      { name: "m1", role: "manager", zone: "a", address: "192.0.2.1", labels: {} },
      {
        ...{ name: "w9", role: "worker", zone: "b", address: "192.0.2.9" },
        labels: { "swarm-lab.registry": "true" },
      },
    ]);
  });

  test("are looked at with the registry where it will be, and with none where there is none", () => {
    expect(hostLook(config, "/project", { peers: [], opened: {} }).registry).toBe("w9");
    expect(
      hostLook(load(on([host("m1")])).config, "/project", { peers: [], opened: {} }).registry,
    ).toBeUndefined();
  });
});
