import { describe, expect, test } from "vitest";
import type { SwarmFingerprint } from "../../components/backup/fingerprint.ts";
import type { NodeEntry } from "../../components/swarm/node-list.ts";
import { graceIsShort } from "../../scripts/backup/restore-workers.ts";

const entry = (hostname: string, status: string, managerStatus = ""): NodeEntry => ({
  ...{ id: `id-${hostname}`, hostname, status, managerStatus },
  ...{ availability: "active", engineVersion: "26.1.5" },
});
const workers = ["w1", "w2"].map((hostname) => ({
  ...{ id: `id-${hostname}`, hostname, role: "worker", availability: "active", labels: {} },
})) as SwarmFingerprint["nodes"];
const lone = entry("m1", "Ready", "Leader");
const ghost = entry("m2", "Unknown");
const SECOND = 1e9;

describe("a lone manager begins anew for a worker it has not heard", () => {
  const waiting = [lone, ghost, entry("w1", "Ready"), entry("w2", "Unknown")];

  test("when half of the grace is over, and not before", () => {
    expect(graceIsShort(waiting, workers, 14.9, 5 * SECOND)).toBe(false);
    expect(graceIsShort(waiting, workers, 15, 5 * SECOND)).toBe(true);
  });

  test("by the swarm's own heartbeat, or by the engine's where it says none", () => {
    expect(graceIsShort(waiting, workers, 20, 10 * SECOND)).toBe(false);
    expect(graceIsShort(waiting, workers, 30, 10 * SECOND)).toBe(true);
    expect(graceIsShort(waiting, workers, 15, 0)).toBe(true);
  });

  test("not for the entries of the old managers", () => {
    const all = [lone, ghost, entry("w1", "Ready"), entry("w2", "Ready")];
    expect(graceIsShort(all, workers, 60, 5 * SECOND)).toBe(false);
  });

  test("not for a worker that is Down already, or has no entry", () => {
    expect(graceIsShort([lone, entry("w1", "Ready"), entry("w2", "Down")], workers, 60, 0)).toBe(
      false,
    );
    expect(graceIsShort([lone, entry("w1", "Ready")], workers, 60, 0)).toBe(false);
  });

  test("not once others share its quorum, which a restart would cost", () => {
    const joined = [...waiting, entry("m3", "Ready", "Reachable")];
    expect(graceIsShort(joined, workers, 60, 5 * SECOND)).toBe(false);
  });
});
