import { describe, expect, test } from "vitest";
import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import type { NodeEntry } from "../../components/swarm/node-list.ts";
import { missingOf } from "../../scripts/backup/restore-workers.ts";

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
