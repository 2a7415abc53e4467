import { describe, expect, test } from "vitest";
import { contactProblem } from "../../components/nodes/hosts/contact.ts";
import { factsScript, type HostFacts, parseFacts } from "../../components/nodes/hosts/facts.ts";
import {
  hostProblems,
  sharedKernel,
  togetherProblems,
} from "../../components/nodes/hosts/judge.ts";
import { isFresh } from "../../components/nodes/hosts/try-ways.ts";

const SAID = `machineId 6f1c
hostname m1
distribution debian 13
systemd yes
disk 9437184
memory 2046000
info 26.1.5+dfsg1\tactive\tn1\tc1
member yes
claim dev 1f2e
listening tcp/2377 tcp/7946 udp/7946
mtu 1500
firewalls ufw
clock 1000.5
kernel
release 6.12.57+deb13-cloud-amd64
vxlan yes
esp yes
xtMatch yes
ipvs yes
netem no Error: Specified qdisc kind is unknown.
nfs yes
`;

describe("what a host says of itself", () => {
  test("is read as it was said", () => {
    expect(parseFacts(SAID, 1000, 1001)).toMatchObject({
      ...{ machineId: "6f1c", hostname: "m1", distribution: { id: "debian", version: "13" } },
      ...{ systemd: true, skew: 0, freeBytes: 9 * 2 ** 30, memoryBytes: 2_046_000 * 1024 },
      ...{ engine: "26.1.5+dfsg1", swarm: { state: "active", nodeId: "n1", clusterId: "c1" } },
      ...{
        claim: { lab: "dev", id: "1f2e" },
        listening: ["tcp/2377", "tcp/7946", "udp/7946"],
        mtu: 1500,
      },
      ...{ firewalls: ["ufw"], kernel: { esp: true, netem: false } },
    });
  });

  test("is no engine and no swarm where none answers", () => {
    const said = SAID.replace(/^info .*$/m, "info ");
    const { engine, swarm } = parseFacts(said.replace("member yes", "member no"), 1000, 1001);
    expect({ engine, swarm }).toEqual({
      engine: null,
      swarm: { state: "inactive", nodeId: "", clusterId: "" },
    });
    // One that is starting, or that does not run: it is a member all the same.
    expect(parseFacts(said, 1000, 1001).swarm.state).toBe("pending");
  });

  test.each([
    [900, 901, 99.5],
    [1100, 1101, -99.5],
    [1000, 1001, 0],
  ])(
    "has a clock that is told to be wrong only outside the question, %i to %i: %f s",
    (from, to, skew) => {
      expect(parseFacts(SAID, from, to).skew).toBe(skew);
    },
  );

  test("must be whole", () => {
    expect(() => parseFacts(SAID.replace(/^mtu.*\n/m, ""), 0, 1)).toThrow("nothing of its mtu");
    expect(() => parseFacts(SAID.split("kernel")[0] ?? "", 0, 1)).toThrow(/mtu|clock|release/);
  });

  test("is asked for by a script that changes nothing", () => {
    expect(factsScript("192.0.2.11")).not.toMatch(/\b(apt|rm|mv|tee|systemctl (re)?start)\b/);
  });
});

const NOBODY = { lab: "", id: "" };
const facts: HostFacts = { ...parseFacts(SAID, 1000, 1001), listening: [], engine: null };
const fresh = { ...facts, claim: NOBODY, swarm: { state: "inactive", nodeId: "", clusterId: "" } };
const seen = (changes: Partial<HostFacts>, name = "m1", registry = false) => ({
  ...{ where: "swarm-lab:hosts[0]", name, role: "manager" as const, address: "192.0.2.11" },
  ...{ registry, facts: { ...fresh, ...changes } },
});
const rules = { claim: { lab: "dev", id: "1f2e" } };

describe("a host", () => {
  test("that is fresh is fine, and so is one of this lab with its swarm", () => {
    expect(hostProblems(seen({}), rules)).toEqual([]);
    expect(hostProblems(seen(parseFacts(SAID, 1000, 1001)), rules)).toEqual([]);
  });

  test.each<[string, Partial<HostFacts>, RegExp]>([
    ["of another distribution", { distribution: { id: "alpine", version: "3" } }, /alpine 3/],
    ["without systemd", { systemd: false }, /without systemd/],
    ["of another name", { hostname: "web" }, /hostname web, need m1/],
    ["without the address", { mtu: 0 }, /no interface with 192\.0\.2\.11/],
    ["with too small packets", { mtu: 1000 }, /an MTU of 1000/],
    ["ahead of time", { skew: 3600 }, /clock that is 3600 s ahead/],
    ["behind it", { skew: -61 }, /clock that is 61 s behind/],
    ["with a full disk", { freeBytes: 2 ** 30 }, /1\.0 GiB free/],
    ["with little memory", { memoryBytes: 2 ** 28 }, /0\.3 GiB of memory/],
    ["without VXLAN", { kernel: { ...facts.kernel, vxlan: false } }, /without VXLAN/],
    ["with an old engine", { engine: "19.03.1" }, /engine 19\.03\.1/],
    ["of another lab", { claim: { lab: "other", id: "1" } }, /a host of the lab other,/],
    [
      "of another stack's lab of this name",
      { claim: { lab: "dev", id: "77aa" } },
      /a host of another lab that is called dev too \(77aa\)/,
    ],
    [
      "in a swarm",
      { swarm: { state: "active", nodeId: "n", clusterId: "c9" } },
      /a node of a swarm \(active, cluster c9\)/,
    ],
    ["whose ports are taken", { listening: ["tcp/2377"] }, /listens on tcp\/2377/],
  ])("%s is refused, and for that alone", (_, changes, got) => {
    const problems = hostProblems(seen(changes), rules);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe("swarm-lab:hosts[0] (m1)");
    expect(`${problems[0]?.got}, need ${problems[0]?.need}`).toMatch(got);
  });
});

test("a host of a stack that never claimed one is another's, whatever its lab is called", () => {
  const never = { claim: { lab: "dev", id: undefined } };
  expect(hostProblems(seen({ claim: { lab: "dev", id: "1f2e" } }), never)).toHaveLength(1);
  expect(hostProblems(seen({ claim: { lab: "dev", id: "" } }), never)).toEqual([]);
});

test("a host needs the registry's port only where the registry will be", () => {
  const busy = { listening: ["tcp/5000"] };
  expect(hostProblems(seen(busy), rules)).toEqual([]);
  expect(isFresh(seen(busy))).toBe(true);
  expect(hostProblems(seen(busy, "m1", true), rules).map(({ got }) => got)).toEqual([
    "something that listens on tcp/5000",
  ]);
  expect(factsScript("192.0.2.11")).toContain("tcp/5000");
});

describe("hosts together", () => {
  test("are different machines of one swarm", () => {
    const twin = togetherProblems([seen({}), seen({}, "m2")]);
    expect(twin.map(({ got }) => got)).toEqual(["the machine id of m1"]);
    const other = { machineId: "7a", swarm: { state: "active", nodeId: "n", clusterId: "c2" } };
    const two = [seen({ swarm: { ...other.swarm, clusterId: "c1" } }), seen(other, "m2")];
    expect(togetherProblems(two).map(({ got }) => got)).toEqual(["managers of 2 swarms (c1, c2)"]);
  });

  const poor = seen({ kernel: { ...facts.kernel, release: "6.1", esp: false } }, "m2");

  test("can what all of them can", () => {
    expect(sharedKernel([seen({}), poor])).toMatchObject({
      ...{ release: "6.12.57+deb13-cloud-amd64, 6.1", esp: false, ipvs: true },
    });
  });

  test("can no more while one is silent, and less when one that answers does", () => {
    const recorded = sharedKernel([seen({}), poor]);
    expect(sharedKernel([seen({})], recorded)).toEqual(recorded);
    expect(sharedKernel([seen({}), poor], sharedKernel([seen({})]))).toEqual(recorded);
  });
});

describe("a host that cannot be asked", () => {
  const host = {
    ...{ where: "swarm-lab:hosts[2]", name: "m3", ssh: "192.0.2.13", port: 22 },
    ...{ user: "debian", key: "~/.ssh/lab" },
  };
  test.each<[string, number, string, string]>([
    ["a wrong key", 255, "debian@192.0.2.13: Permission denied (publickey).", "key"],
    [
      "a wrong host key",
      255,
      "No ED25519 host key is known\nHost key verification failed.",
      "hostKey",
    ],
    [
      "no such key file",
      255,
      "no such identity: /k: No such file or directory\ndebian@x: Permission denied (publickey).",
      "key",
    ],
    ["nobody there", 255, "ssh: connect to host 192.0.2.13 port 22: No route to host", "ssh"],
    ["no sudo", 1, "sudo: a password is required", "user"],
    ["no end", 124, "", "ssh"],
  ])("says which setting is wrong: %s", (_, code, stderr, key) => {
    const problem = contactProblem(host, { code, stdout: "", stderr });
    expect(problem?.where).toBe(`swarm-lab:hosts[2].${key} (m3)`);
    expect(problem?.fix).not.toBe("");
  });

  test("is no problem when it answered", () => {
    expect(contactProblem(host, { code: 0, stdout: "", stderr: "" })).toBeUndefined();
  });
});
