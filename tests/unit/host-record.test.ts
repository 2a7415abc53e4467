import { describe, expect, test } from "vitest";
import { arePeersStale } from "../../components/nodes/hosts/record.ts";
import type { SshConnection } from "../../components/nodes/types.ts";
import { hostRecord } from "../../scripts/cli/host-record.ts";
import { parseState } from "../../scripts/cli/state.ts";

const record = (...resources: object[]) => {
  const whole = resources.map((one) => ({ urn: "u", type: "command:local:Command", ...one }));
  return hostRecord(parseState(JSON.stringify({ deployment: { resources: whole } })));
};
const way = (changes: Partial<SshConnection> = {}): SshConnection => ({
  ...{ kind: "ssh", host: "192.0.2.11", port: 22, user: "debian" },
  ...{ identity: "/keys/lab", hostKey: "ssh-ed25519 AAAA", ...changes },
});
const step = (...peers: object[]) => ({
  inputs: { environment: { LAB_PEERS: JSON.stringify(peers), LAB_CA: { ciphertext: "v1:x" } } },
});

describe("the record of a lab on hosts", () => {
  test("has nothing of a stack that was never brought up", () => {
    expect(hostRecord(undefined)).toEqual({ peers: [], opened: {} });
    expect(record()).toEqual({ peers: [], opened: {} });
  });

  test("has the id under which it claims them, once that was made", () => {
    const inputs = { create: "node scripts/hosts/lab-id.ts" };
    expect(record({ inputs, outputs: { stdout: '{"id":"1f2e"}' } }).id).toBe("1f2e");
    expect(record({ inputs }).id).toBeUndefined();
  });

  test("has what the kernels can once an up came to its end", () => {
    const kernel = { release: "6.12", esp: false };
    const outputs = { lab: { nodes: [], kernel } };
    expect(record({ type: "pulumi:pulumi:Stack", outputs }).kernel).toEqual(kernel);
  });

  test("has the peers of every step", () => {
    const [m1, m2] = [
      { name: "m1", connection: way() },
      { name: "m2", connection: way({ host: "192.0.2.12" }) },
    ];
    expect(record(step(m1), { inputs: {} }, step(m1, m2)).peers).toEqual([m1, m1, m2]);
  });
});

describe("a host", () => {
  const recorded = record(step({ name: "m1", connection: way() }));

  test.each<Partial<SshConnection>>([
    { identity: "/keys/other" },
    { user: "root" },
    { port: 2222 },
    { host: "lab.example" },
    { hostKey: "ssh-ed25519 BBBB" },
  ])("is reached another way than some step knows: %j", (changes) => {
    expect(arePeersStale(recorded, { m1: way(changes) })).toBe(true);
  });

  test("is reached as it was, whoever came or went beside it", () => {
    expect(arePeersStale(recorded, { m1: way(), m2: way({ host: "192.0.2.12" }) })).toBe(false);
    expect(arePeersStale(recorded, { m2: way({ host: "192.0.2.12" }) })).toBe(false);
  });
});

describe("two hosts", () => {
  const connections = Object.fromEntries(
    ["m1", "w2", "w3"].map((name) => [name, way({ host: name })]),
  );
  const ready = (name: string, ...peers: string[]) => ({
    inputs: {
      create: "node scripts/hosts/provision.ts",
      environment: {
        LAB_HOST: JSON.stringify({ node: { name } }),
        LAB_PEERS: JSON.stringify(
          peers.map((peer) => ({ name: peer, connection: connections[peer] })),
        ),
      },
    },
  });
  const old = [ready("m1", "m1", "w2"), ready("w2", "m1", "w2")];

  test("are open to each other when the later one found the earlier", () => {
    const grown = record(...old, ready("w3", "m1", "w2", "w3"));
    expect(grown.opened.w3).toEqual(["m1", "w2", "w3"]);
    expect(arePeersStale(grown, connections)).toBe(false);
  });

  test("are shut to each other when one came while the other was silent, until both are ready anew", () => {
    const without = record(...old, ready("w3", "m1", "w3"));
    expect(arePeersStale(without, connections)).toBe(true);
    const { w2: _, ...others } = connections;
    expect(arePeersStale(without, others)).toBe(false);
    const anew = [ready("m1", "m1", "w2", "w3"), ready("w2", "m1", "w2", "w3")];
    expect(arePeersStale(record(...anew, ready("w3", "m1", "w2", "w3")), connections)).toBe(false);
  });
});
