import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type HostFacts, parseFacts } from "../../components/nodes/hosts/facts.ts";
import { rulesFor } from "../../components/nodes/hosts/firewall.ts";
import type { SeenHost } from "../../components/nodes/hosts/judge.ts";
import { tryWays } from "../../components/nodes/hosts/try-ways.ts";
import {
  listenScript,
  sendScript,
  type Target,
  wayProblems,
} from "../../components/nodes/hosts/ways.ts";
import type { SshConnection } from "../../components/nodes/types.ts";
import { StubSsh } from "../support/stub-ssh.ts";

/** Whether a shell can read it. */
const isShell = (script: string) => spawnSync("sh", ["-n"], { input: script }).status === 0;

const target = (name: string, role: "manager" | "worker", address: string, port = 4789) => ({
  ...{ where: "swarm-lab:hosts[0]", name, address, held: false },
  rules: rulesFor({ role, registry: role === "worker" }, port),
});
const [m1, w1] = [target("m1", "manager", "192.0.2.11"), target("w1", "worker", "192.0.2.21")];
const member: Target = { ...m1, held: true };

describe("the ways between hosts", () => {
  const all = ["tcp/7946", "udp/7946", "udp/4789", "esp/0", "tcp/5000"].map(
    (rule) => `${rule} ${m1.address}`,
  );

  test("are whole when everything was heard from everybody, whoever else spoke", () => {
    expect(wayProblems(w1, [...all, "udp/7946 192.0.2.99"], [m1])).toEqual([]);
  });

  test("miss what was not heard: of ESP, encrypted overlays would die without a word", () => {
    const heard = all.filter((line) => !line.startsWith("esp"));
    expect(wayProblems(w1, heard, [m1])).toEqual([
      {
        where: "swarm-lab:hosts[0] (w1)",
        got: "nothing by IP protocol 50 (ESP) from m1",
        need: "a way for it: overlay traffic of encrypted networks, in IPsec",
        fix: "open it in the host's firewall, or in the network between the hosts",
      },
    ]);
  });

  test("are tried by the port that overlays have here, the control port only at managers", () => {
    const other = target("m1", "manager", "192.0.2.11", 14_789);
    const problems = wayProblems(other, [], [w1]).map(({ got }) => got);
    expect(problems).toContain("nothing by udp port 14789 from w1");
    expect(problems).toContain("nothing by tcp port 2377 from w1");
    const missed = wayProblems(w1, [], [m1]).map(({ got }) => got);
    expect(missed.join()).not.toContain("2377");
    expect(listenScript(w1)).not.toContain("2377");
    expect(isShell(listenScript(m1)) && isShell(sendScript([w1]))).toBe(true);
  });

  test("need the registry's port on its host alone", () => {
    expect(listenScript(w1)).toContain("tcp/5000");
    expect(listenScript(m1)).not.toContain("5000");
    expect(wayProblems(m1, [], [w1]).map(({ got }) => got)).not.toContain(
      "nothing by tcp port 5000 from w1",
    );
    const sent = sendScript([m1, w1]);
    expect(sent).toContain(`tcp/5000/${w1.address}`);
    expect(sent).not.toContain(`tcp/5000/${m1.address}`);
  });

  test("to a member are heard beside its engine, and its connections told by who made them", () => {
    const script = listenScript(member);
    expect(script).toMatch(/ 12 held-udp\/7946 held-udp\/4789 held-esp\/0$/);
    expect(isShell(script)).toBe(true);
    expect(sendScript([member])).toContain(`tcp/2377/${member.address}`);
  });
});

const FACTS = parseFacts(
  `machineId 1
hostname h
distribution debian 13
systemd yes
disk 1
memory 1
member no
claim dev 1f2e
listening
mtu 1500
firewalls
clock 1
kernel
release 6.12
vxlan yes
esp yes
xtMatch yes
ipvs yes
netem yes
nfs yes
`,
  1,
  1,
);
const host = (name: string, at: number, changes: Partial<HostFacts> = {}): SeenHost => ({
  ...{ where: `swarm-lab:hosts[${at}]`, name, role: name.startsWith("m") ? "manager" : "worker" },
  ...{ address: `192.0.2.${at}`, registry: false, facts: { ...FACTS, ...changes } },
});
const ACTIVE = { swarm: { state: "active", nodeId: "n", clusterId: "c" } };
const standing = (name: string, at: number, changes: Partial<HostFacts> = {}) =>
  host(name, at, { ...ACTIVE, listening: ["tcp/2377", "tcp/7946", "udp/7946"], ...changes });

const connectionOf = ({ address }: SeenHost): SshConnection => ({
  ...{ kind: "ssh", host: address, port: 22, user: "root" },
  ...{ identity: "/k", hostKey: "ssh-ed25519 AAAA" },
});
const request = (hosts: readonly SeenHost[]) => ({
  connections: Object.fromEntries(hosts.map((one) => [one.name, connectionOf(one)])),
  ...{ dataPathPort: 4789, opens: true },
});

/** An ssh that says, for each host by its address, what its listener heard and what its sender reached. */
const answers = (of: Readonly<Record<string, { heard: string[]; reached?: string[] }>>) =>
  new StubSsh(
    `case "$*" in
${Object.entries(of)
  .flatMap(([address, { heard, reached = [] }]) => [
    `*@${address}" "*select*) printf '%s\\n' ${heard.map((line) => `'${line}'`).join(" ")} ;;`,
    `*@${address}" "*) printf '%s\\n' ${reached.map((line) => `'${line}'`).join(" ")} ;;`,
  ])
  .join("\n")}
esac`,
  );

describe("a host that is added to a standing lab", () => {
  const [m, w] = [standing("m1", 11), host("w3", 23)];
  const fromMember = ["tcp/7946", "udp/7946", "udp/4789", "esp/0"].map((r) => `${r} 192.0.2.11`);
  const fromNew = ["udp/7946", "udp/4789", "esp/0"].map((r) => `${r} 192.0.2.23`);
  const connected = ["tcp/2377 192.0.2.11", "tcp/7946 192.0.2.11"];

  test("is tried with the members both ways, and fine when all arrived", async () => {
    using ssh = answers({
      "192.0.2.11": { heard: fromNew },
      "192.0.2.23": { heard: fromMember, reached: connected },
    });
    expect(await tryWays([m, w], request([m, w]))).toEqual({ problems: [], untried: [] });
    expect(ssh.calls).toHaveLength(4);
  });

  test("is told apart from one whom the members do not hear, or who does not reach them", async () => {
    using _ = answers({
      "192.0.2.11": { heard: fromNew.filter((line) => !line.startsWith("esp")) },
      "192.0.2.23": { heard: fromMember, reached: connected.slice(1) },
    });
    const { problems } = await tryWays([m, w], request([m, w]));
    expect(problems.map(({ where, got }) => `${where}: ${got}`)).toEqual([
      "swarm-lab:hosts[11] (m1): nothing by tcp port 2377 from w3",
      "swarm-lab:hosts[11] (m1): nothing by IP protocol 50 (ESP) from w3",
    ]);
  });

  test("says what could not be tried: behind a firewall that is opened later, a port where nobody listens", async () => {
    const behind = standing("m1", 11, { firewalls: ["ufw"] });
    const quiet = { ...standing("w1", 21), registry: true };
    using _ = answers({
      "192.0.2.11": { heard: [] },
      "192.0.2.21": { heard: fromNew },
      "192.0.2.23": {
        heard: [...fromMember, ...fromMember.map((line) => line.replace(".11", ".21"))],
        reached: ["tcp/7946 192.0.2.21"],
      },
    });
    expect(await tryWays([behind, quiet, w], request([behind, quiet, w]))).toEqual({
      problems: [],
      untried: [
        "m1: the ways to it were not tried: ufw is on there, and the lab opens it later",
        "w1: tcp port 5000 was not tried: nothing listens there now",
      ],
    });
  });

  test("costs nothing where there is none: members are not tried with one another", async () => {
    using ssh = new StubSsh("exit 1");
    const hosts = [m, standing("m2", 12)];
    expect(await tryWays(hosts, request(hosts))).toEqual({ problems: [], untried: [] });
    expect(ssh.calls).toEqual([]);
  });
});
