import { describe, expect, test } from "vitest";
import {
  type CompareOptions,
  compareFingerprints,
  type Difference,
} from "../../components/backup/difference.ts";
import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import { sha256 } from "./backup-support.ts";

type Node = SwarmFingerprint["nodes"][number];

const node = (hostname: string, change: Partial<Node> = {}): Node => ({
  ...{ id: `id-${hostname}`, hostname, availability: "active", labels: { zone: "a" } },
  role: hostname.startsWith("m") ? "manager" : "worker",
  ...change,
});
const thing = (name: string, index = 10) => ({
  ...{ id: `id-${name}`, name, index },
  hash: sha256(name),
});

const before: SwarmFingerprint = {
  clusterId: "cluster-a",
  raftIndex: 100,
  caFingerprint: sha256("ca"),
  tokens: { manager: sha256("manager"), worker: sha256("worker") },
  settings: {
    autolock: true,
    certExpiry: 90,
    heartbeat: 5,
    taskHistory: 5,
    snapshotInterval: 100,
    forceRotate: 2,
  },
  nodes: [node("m1"), node("m2"), node("w1")],
  services: [thing("app"), thing("registry")],
  secrets: [thing("token")],
  configs: [thing("greeting")],
  networks: [thing("overlay", 0)],
};
const compare = (change: Partial<SwarmFingerprint>, options?: CompareOptions) =>
  compareFingerprints(before, { ...before, ...change }, options).map(
    ({ what, expected, seen }: Difference) => `${what}: ${expected} -> ${seen}`,
  );
const short = (text: string) => sha256(text).slice(0, 12);
const nodes = (...others: Node[]) => ({ nodes: [node("m1"), ...others] });

test("a swarm that is the same differs in nothing", () => {
  expect(compare({})).toEqual([]);
  expect(compareFingerprints(before, structuredClone(before))).toEqual([]);
  expect(compare({ raftIndex: 5000 })).toEqual([]);
});

describe("every kind of difference is told", () => {
  const { settings } = before;
  const CASES: readonly [string, Partial<SwarmFingerprint>, string[]][] = [
    ["cluster", { clusterId: "cluster-b" }, ["cluster: cluster-a -> cluster-b"]],
    [
      "root CA",
      { caFingerprint: sha256("other") },
      [`root CA: ${sha256("ca")} -> ${sha256("other")}`],
    ],
    [
      "tokens",
      { tokens: { manager: sha256("a"), worker: sha256("b") } },
      [
        `join token of managers: ${short("manager")} -> ${short("a")}`,
        `join token of workers: ${short("worker")} -> ${short("b")}`,
      ],
    ],
    [
      "settings, each",
      {
        settings: {
          ...{ autolock: false, certExpiry: 30, heartbeat: 6, taskHistory: 1 },
          snapshotInterval: 7,
          forceRotate: 3,
        },
      },
      [
        ...["setting autolock: true -> false", "setting certExpiry: 90 -> 30"],
        ...["setting heartbeat: 5 -> 6", "setting taskHistory: 5 -> 1"],
        "setting snapshotInterval: 100 -> 7",
        "setting forceRotate: 2 -> 3",
      ],
    ],
    [
      "autolock",
      { settings: { ...settings, autolock: false } },
      ["setting autolock: true -> false"],
    ],
    ["raft index", { raftIndex: 99 }, ["raft index: 100 or more -> 99"]],
    ["service gone", { services: [thing("app")] }, ["service registry: id id-registry -> missing"]],
    [
      "service new",
      { services: [...before.services, thing("more")] },
      ["service more: missing -> id id-more"],
    ],
    [
      "service changed",
      { services: [{ ...thing("app"), hash: sha256("v2"), index: 11 }, thing("registry")] },
      [`service app: content ${short("app")} -> content ${short("v2")}`],
    ],
    ["secret rewritten", { secrets: [thing("token", 11)] }, ["secret token: index 10 -> index 11"]],
    [
      "config anew",
      { configs: [{ ...thing("greeting"), id: "another" }] },
      ["config greeting: id id-greeting -> missing", "config greeting: missing -> id another"],
    ],
    ["network gone", { networks: [] }, ["network overlay: id id-overlay -> missing"]],
  ];
  test.each(CASES)("%s", (_, change, expected) => {
    expect(compare(change)).toEqual(expected);
  });

  test("objects that may be written again keep their content all the same", () => {
    const rewritten = { rewritten: true };
    expect(compare({ secrets: [thing("token", 11)] }, rewritten)).toEqual([]);
    expect(
      compare({ secrets: [{ ...thing("token", 11), hash: sha256("v2") }] }, rewritten),
    ).toEqual([`secret token: content ${short("token")} -> content ${short("v2")}`]);
  });
});

describe("nodes", () => {
  test.each([
    ["gone", nodes(node("m2")), ["node w1: id id-w1 -> missing"]],
    ["more", nodes(node("m2"), node("w1"), node("w2")), ["node w2: missing -> id id-w2"]],
    [
      "changed",
      nodes(node("m2", { role: "worker", availability: "drain" }), node("w1", { labels: {} })),
      [
        'node m2: role: "manager" -> "worker"',
        'node m2: availability: "active" -> "drain"',
        'node w1: labels: {"zone":"a"} -> {}',
      ],
    ],
    [
      "joined anew without leave to",
      nodes(node("m2", { id: "new" }), node("w1")),
      ["node m2: id id-m2 -> missing", "node m2: missing -> id new"],
    ],
  ])("%s", (_, change, expected) => {
    expect(compare(change)).toEqual(expected);
  });

  test("have the same labels whatever their order", () => {
    const labels = { zone: "a", disk: "ssd" };
    const other = { disk: "ssd", zone: "a" };
    const of = (now: Record<string, string>) => ({
      ...before,
      nodes: [node("m1", { labels: now })],
    });
    expect(compareFingerprints(of(labels), of(other))).toEqual([]);
  });
});

describe("managers that had to join anew", () => {
  const rejoined = { rejoined: ["m2"] };
  const anew = node("m2", { id: "new" });

  test("may have another id", () => {
    expect(compare(nodes(anew, node("w1")), rejoined)).toEqual([]);
    expect(compare({}, rejoined)).toEqual([]);
  });

  test("keep role, availability and labels", () => {
    expect(compare(nodes({ ...anew, availability: "drain" }, node("w1")), rejoined)).toEqual([
      'node m2: availability: "active" -> "drain"',
    ]);
  });

  test("have to be there", () => {
    expect(compare(nodes(node("w1")), rejoined)).toEqual([
      "node m2: a node of this name -> missing",
    ]);
  });

  test.each([
    ["before", [node("m2"), anew, node("w1")]],
    ["after", [anew, node("w1"), node("m2")]],
  ])("leave no ghost, listed %s", (_, others) => {
    expect(compare(nodes(...others), rejoined)).toEqual([
      "nodes named m2: 1 -> 2: " +
        others
          .filter(({ hostname }) => hostname === "m2")
          .map(({ id }) => id)
          .join(", "),
    ]);
  });

  test("leave no ghost that another difference could hide", () => {
    const now = { ...nodes(node("m2"), anew, node("w1")), clusterId: "cluster-b" };
    expect(compare(now, rejoined)).toEqual([
      "cluster: cluster-a -> cluster-b",
      "nodes named m2: 1 -> 2: id-m2, new",
    ]);
    const changed = nodes(node("m2"), anew, node("w1", { labels: {} }));
    expect(compare(changed, rejoined)).toEqual([
      'node w1: labels: {"zone":"a"} -> {}',
      "nodes named m2: 1 -> 2: id-m2, new",
    ]);
  });

  test("are only those that were named", () => {
    expect(compare(nodes(anew, node("w1", { id: "new-w1" })), rejoined)).toEqual([
      "node w1: id id-w1 -> missing",
      "node w1: missing -> id new-w1",
    ]);
  });
});
