import { describe, expect, test } from "vitest";
import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import type { NodeEntry } from "../../components/swarm/node-list.ts";
import { END_LEAD, leadScript, missingOf } from "../../scripts/backup/restore-workers.ts";

const entry = (hostname: string, status: string, id = `id-${hostname}`): NodeEntry => ({
  ...{ id, hostname, status, managerStatus: "" },
  ...{ availability: "active", engineVersion: "26.1.5" },
});
const workers = ["w1", "w2"].map((hostname) => ({
  ...{ id: `id-${hostname}`, hostname, role: "worker", availability: "active", labels: {} },
})) as SwarmFingerprint["nodes"];

describe("a worker is back", () => {
  test.each<[string, NodeEntry[], string[]]>([
    ["when it is Ready under its id", [entry("w1", "Ready"), entry("w2", "Ready")], []],
    ["not while it is Unknown", [entry("w1", "Unknown"), entry("w2", "Ready")], ["w1"]],
    ["not when it is Down", [entry("w1", "Ready"), entry("w2", "Down")], ["w2"]],
    ["not under another id", [entry("w1", "Ready", "other"), entry("w2", "Ready")], ["w1"]],
    ["not without an entry", [entry("w2", "Ready")], ["w1"]],
  ])("%s", (_, entries, missing) => {
    expect(missingOf(entries, workers).map(({ hostname }) => hostname)).toEqual(missing);
  });
});

describe("the addresses of managers that are gone", () => {
  const script = leadScript(["10.1.0.11", "10.1.0.12"], "10.1.0.13");

  test("lead to the one that is there, by the swarm's port alone", () => {
    const rules = script.split("\n").filter((line) => line.includes("DNAT"));
    expect(rules).toEqual([
      expect.stringContaining(
        "-d 10.1.0.11 -p tcp --dport 2377 -j DNAT --to-destination 10.1.0.13:2377",
      ),
      expect.stringContaining(
        "-d 10.1.0.12 -p tcp --dport 2377 -j DNAT --to-destination 10.1.0.13:2377",
      ),
    ]);
  });

  test("by rules in a chain of their own, which goes whole", () => {
    const chains = [...`${script}\n${END_LEAD}`.matchAll(/-[NFAX] (\S+)/g)].map(([, name]) => name);
    expect(new Set(chains)).toEqual(new Set(["SWARM-LAB-LEAD"]));
    expect(END_LEAD.split("\n").at(-1)).toMatch(/-X SWARM-LAB-LEAD$/);
  });
});
