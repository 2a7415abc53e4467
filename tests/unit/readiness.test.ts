import { describe, expect, test } from "vitest";
import type { NodeEntry } from "../../components/swarm/node-list.ts";
import { notReady } from "../../components/swarm/readiness.ts";

const nodes = [
  { name: "m1", role: "manager" as const },
  { name: "m2", role: "manager" as const },
  { name: "m3", role: "manager" as const },
  { name: "w1", role: "worker" as const },
];
const entry = (hostname: string, changes: Partial<NodeEntry> = {}): NodeEntry => ({
  id: `id-of-${hostname}`,
  hostname,
  status: "Ready",
  availability: "Active",
  managerStatus: hostname === "m1" ? "Leader" : hostname.startsWith("m") ? "Reachable" : "",
  engineVersion: "26.1.5",
  ...changes,
});
const all = ["m1", "m2", "m3", "w1"].map((name) => entry(name));
const without = (name: string) => all.filter(({ hostname }) => hostname !== name);

describe("a swarm is whole", () => {
  test.each<[string, NodeEntry[]]>([
    ["when every node is what it should be", all],
    [
      "whoever leads it",
      [
        ...without("m1").map((each) =>
          each.hostname === "m2" ? { ...each, managerStatus: "Leader" } : each,
        ),
        entry("m1", { managerStatus: "Reachable" }),
      ],
    ],
    ["with nodes that are none of the lab's", [...all, entry("guest")]],
    [
      "with the remains of a node that came back under a new id",
      [...all, entry("w1", { id: "old", status: "Down" })],
    ],
    ["while nodes are drained", all.map((each) => ({ ...each, availability: "Drain" }))],
  ])("%s", (_, entries) => {
    expect(notReady(nodes, entries)).toBeUndefined();
  });
});

describe("a swarm is not whole", () => {
  test.each<[string, NodeEntry[], string]>([
    ["while a node is missing", without("w1"), "w1 is not a member"],
    ["while a node is down", [...without("w1"), entry("w1", { status: "Down" })], "w1 is Down"],
    ["while nobody knows", [...without("w1"), entry("w1", { status: "Unknown" })], "w1 is Unknown"],
    [
      "while a node is there twice",
      [...all, entry("w1", { id: "second" })],
      "w1 is listed 2 times",
    ],
    [
      "while a manager does not answer",
      [...without("m3"), entry("m3", { managerStatus: "Unreachable" })],
      "m3 is Unreachable",
    ],
    [
      "while a manager is a worker still",
      [...without("m3"), entry("m3", { managerStatus: "" })],
      "m3 is not a manager",
    ],
    [
      "while a worker is a manager",
      [...without("w1"), entry("w1", { managerStatus: "Reachable" })],
      "w1 is a manager, need a worker",
    ],
    [
      "without a leader",
      [...without("m1"), entry("m1", { managerStatus: "Reachable" })],
      "no leader",
    ],
    [
      "when nothing is there",
      [],
      "m1 is not a member, m2 is not a member, m3 is not a member, w1 is not a member, no leader",
    ],
  ])("%s", (_, entries, reason) => {
    expect(notReady(nodes, entries)).toBe(reason);
  });
});
